// Chromium as an operator has it, watched: whatever a page runs, asks for, complains about or violates is written down.
// A test that fails leaves a picture of each open page, its text of the console and its address under build/browser/.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { atTheEnd } from '../support/hub.mjs';

export const build = fileURLToPath(new URL('../../build/', import.meta.url));
export const isLong = process.env.IEUM_LONG === '1';
const executable = process.env.IEUM_CHROMIUM ?? '/usr/bin/chromium';
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP rebound.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

let started;
function browser() {
  assert.ok(existsSync(executable), `there is no ${executable}: scripts/setup browser installs it`);
  started ??= chromium.launch({ executablePath: executable, headless: true, args: flags }).then((chrome) => {
    atTheEnd(() => chrome.close());
    return chrome;
  });
  return started;
}

// In the page before anything of it: what hostile text calls, and what tells of a policy that had to step in.
function trap() {
  window.__told = [];
  window.__xss = (what) => window.__told.push(`ran: ${what}`);
  for (const name of ['alert', 'confirm', 'prompt']) window[name] = (what) => window.__told.push(`${name}: ${what}`);
  document.addEventListener('securitypolicyviolation', (event) =>
    window.__told.push(`policy: ${event.effectiveDirective} stopped ${event.blockedURI} ${event.sample}`),
  );
  // How many answers are awaited, the live stream aside.
  window.__asking = 0;
  const ask = window.fetch;
  window.fetch = (...words) => {
    window.__asking += 1;
    return ask(...words).finally(() => setTimeout(() => (window.__asking -= 1)));
  };
  const plain = Object.getOwnPropertyNames(Object.prototype).sort().join(' ');
  window.__prototype = () => {
    const now = Object.getOwnPropertyNames(Object.prototype).sort().join(' ');
    return now === plain && {}.polluted === undefined ? 'unchanged' : `changed: ${now} (${{}.polluted})`;
  };
}

const isLoopback = (url) => /^(data|blob|about):|^http:\/\/(127\.0\.0\.1|localhost|rebound\.test|\[::1\])(:\d+)?\//.test(url);

// One person at one machine: `person.page()` opens a page. Options are Playwright's, and `theme`: light or dark.
export async function startPerson({ language = 'en', theme = 'light', width = 1440, height = 900, cookies = [] } = {}) {
  const context = await (await browser()).newContext({
    locale: language === 'ko' ? 'ko-KR' : 'en-GB',
    timezoneId: 'Asia/Seoul',
    colorScheme: theme,
    viewport: { width, height },
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(60_000); // a machine that is busy with other things is not a fault
  await context.addCookies(cookies);
  await context.addInitScript(trap);
  const seen = [];
  const pages = new Map();
  const person = {
    context,
    // Text that a page wrote to its console and requests that it made; for a person to read when a test has failed.
    seen,
    page: async () => {
      const page = await context.newPage();
      pages.set(page, watch(page, seen));
      return page;
    },
    cookies: () => context.cookies(),
    // Throws when any page of this person ran, asked or complained about what it should not.
    // `expected`: console lines that the test provoked.
    assertQuiet: async (expected = []) => {
      const told = [...pages.values()].flatMap((found) => found.splice(0));
      for (const page of pages.keys()) {
        if (page.isClosed() || page.url() === 'about:blank') continue;
        told.push(...(await page.evaluate(() => window.__told.splice(0))));
        const prototype = await page.evaluate(() => window.__prototype());
        if (prototype !== 'unchanged') told.push(`Object.prototype ${prototype}`);
      }
      const unexpected = told.filter((line) => !expected.some((sign) => line.includes(sign)));
      assert.deepEqual(unexpected, []);
    },
    end: () => context.close(),
    pages: () => [...pages.keys()].filter((page) => !page.isClosed()),
  };
  people.add(person);
  context.once('close', () => people.delete(person));
  return person;
}
const people = new Set();

function watch(page, seen) {
  const found = [];
  page.on('console', (message) => {
    const line = `console ${message.type()}: ${message.text()} ${message.location().url}`;
    seen.push(line);
    if (message.type() === 'error' || message.type() === 'warning') found.push(line);
  });
  page.on('pageerror', (error) => {
    seen.push(`error: ${error.stack}`);
    found.push(`error: ${error.message}`);
  });
  page.on('dialog', (dialog) => {
    found.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', (popup) => found.push(`popup: ${popup.url()}`));
  page.on('download', (download) => seen.push(`download: ${download.url()}`));
  page.on('request', (request) => {
    seen.push(`${request.method()} ${request.url()}`);
    if (!isLoopback(request.url())) found.push(`left the machine: ${request.method()} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) seen.push(`${response.status()} ${response.url()}`);
  });
  return found;
}

// Wraps the body of a test: when it throws, what everybody saw is kept under build/browser/<name>-N.{png,txt}.
export const keepingTraces = (work) => async (context) => {
  try {
    await work(context);
  } catch (failure) {
    const folder = join(build, 'browser');
    await mkdir(folder, { recursive: true });
    const name = context.name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 80);
    let number = 0;
    for (const person of people) {
      for (const page of person.pages()) {
        const file = join(folder, `${name}-${++number}`);
        await page.screenshot({ path: `${file}.png`, timeout: 5000 }).catch(() => {});
        await writeFile(`${file}.txt`, [page.url(), ...person.seen].join('\n'));
        context.diagnostic?.(`what was on the screen: ${file}.png`);
      }
    }
    throw failure;
  }
};
