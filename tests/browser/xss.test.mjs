// Hostile text (xss_corpus.mjs) in every place that keeps text, and every page that shows it: nothing runs, the policy has
// nothing to stop, and the text stands there as it was sent.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before, describe, it } from 'node:test';
import { atTheEnd } from '../support/hub.mjs';
import { isLong, keepingTraces, startPerson } from './browser.mjs';
import { enter, ready, sample } from './console.mjs';
import { explore, namesOf } from './explore.mjs';
import { startHostileHub } from './hostile.mjs';
import { corpus, prototypeNames } from './xss_corpus.mjs';

// What a reader finds on the page, folds opened: text, what stands in fields, names and hints of controls. A text within JSON
// stands there as JSON writes it. Also what the browser made of it: nothing that could run or read came into being.
function look() {
  for (const fold of document.querySelectorAll('details:not([open])')) fold.open = true;
  const said = ['aria-label', 'title', 'placeholder', 'alt'];
  const shown = [document.body.textContent];
  for (const one of document.querySelectorAll('input, textarea')) shown.push(one.value);
  for (const one of document.querySelectorAll(said.map((name) => `[${name}]`).join())) shown.push(...said.map((name) => one.getAttribute(name) ?? ''));
  const made = [...document.querySelectorAll('*')].filter(
    (one) =>
      one.matches('script:not([src]), iframe:not([sandbox]), object, embed, base, portal, meta[http-equiv], marquee, template, math') ||
      [...one.attributes].some(
        ({ name, value }) =>
          name.startsWith('on') ||
          (/^(href|src|action|formaction|data|xlink:href|srcset|poster|ping)$/.test(name) &&
            /^[\u0000-\u0020]*(javascript|data|vbscript):/i.test(value.replaceAll(/[\t\n\r]/g, ''))) ||
          (name === 'style' && /url\(|expression/i.test(value)),
      ),
  );
  return { shown: shown.join('\n'), made: made.map((one) => one.outerHTML.slice(0, 200)) };
}
const stands = (shown, text) => shown.includes(text) || shown.includes(JSON.stringify(text).slice(1, -1));

describe('hostile text in the console', () => {
  let hostile, hub, person, page, runs;
  before(keepingTraces(async () => {
    hostile = await startHostileHub();
    hub = hostile.hub;
    person = await startPerson();
    page = await enter(person, hub);
    await hostile.settled();
    runs = [];
    for (let next; next !== null; ) {
      const found = await hub.api('GET', `runs?limit=200${next ? `&before=${next}` : ''}`);
      runs.push(...found.runs);
      next = found.next;
    }
  }));

  it('CON_04 has a corpus that bites: on a page that writes it as HTML the trap catches most of it', keepingTraces(async () => {
    const server = createServer((request, answer) => {
      const { text } = corpus[Number(new URL(request.url, 'http://x').searchParams.get('n')) || 0];
      answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      answer.end(`<!doctype html><title>bare</title><body><p title="${text}">${text}</p>`);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    atTheEnd(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
    const other = await startPerson();
    let caught = 0;
    const scripts = corpus.map(({ family }, n) => (family === 'script' ? n : -1)).filter((n) => n >= 0);
    const bare = await other.page();
    for (const n of scripts) {
      await bare.goto(`http://127.0.0.1:${server.address().port}/?n=${n}`);
      caught += (await bare.evaluate(() => window.__told.length)) > 0 ? 1 : 0;
    }
    await other.end();
    assert.ok(caught > scripts.length / 2, `${caught} of ${scripts.length} ran where nothing keeps them from it`);
    assert.ok(corpus.length >= 300 && new Set(corpus.map((one) => one.text)).size === corpus.length);
  }));

  // Opens an address, or looks at the page as it stands, and gives what it shows; nothing may have run, nothing may have been made, nobody may complain.
  const open = async (path) => {
    await page.goto(new URL(path, hub.admin).href);
    await ready(page);
    return judge(path);
  };
  const judge = async (path) => {
    const { shown, made } = await page.evaluate(look);
    assert.deepEqual(made, [], path);
    await person.assertQuiet();
    return shown;
  };

  it('CON_04 CON_12 shows each run with its hostile key, bodies, headers, answers and errors as text', keepingTraces(async () => {
    assert.equal(runs.length, corpus.length);
    for (const run of sample(runs, 40)) {
      const shown = await open(`/runs/${run.id}`);
      assert.ok(stands(shown, run.key), `run ${run.id} does not show ${run.key}`);
      for (const name of prototypeNames) assert.ok(shown.includes(`"${name}"`), `run ${run.id} does not show ${name}`);
    }
  }));

  it('CON_04 lists all runs, and what was quarantined, under their hostile names', keepingTraces(async () => {
    await open('/runs');
    const older = page.getByRole('button', { name: /older/i });
    // Only rows in sight are drawn: the list is read from its top to its end.
    const links = new Set();
    let read = '';
    for (let isEnd = false; !isEnd || (await older.count()) > 0; ) {
      if (isEnd) await older.click();
      await ready(page);
      const { shown, made } = await page.evaluate(look);
      assert.deepEqual(made, []);
      read += shown;
      for (const link of await page.locator('a[href^="/runs/"]').evaluateAll((all) => all.map((one) => one.pathname))) links.add(link);
      isEnd = await page.evaluate(() => {
        scrollBy(0, innerHeight);
        return scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
      });
    }
    assert.equal(links.size, corpus.length);
    for (const title of hostile.titles) assert.ok(stands(read, title), `no run shows ${title}`);
    await open('/lists/quarantined');
    await person.assertQuiet();
  }));

  it('CON_04 shows customers and events under their hostile names', keepingTraces(async () => {
    for (const run of sample(runs, 110)) {
      // What surrounds an identity is no part of it, and with a control character in it there is none.
      const identity = /\p{Cc}/u.test(run.key) ? '' : run.key.trim();
      assert.ok(stands(await open(`/customers/${run.customer}`), identity), `customer ${run.customer} does not show ${run.key}`);
      assert.ok(stands(await open(`/events/${run.event}`), run.key), `event ${run.event} does not show ${run.key}`);
    }
  }));

  it('CON_04 CON_12 shows people, tokens, saved views and the audit log under hostile names, and those of prototypes', keepingTraces(async () => {
    const { people, tokens, views } = hostile;
    for (const names of [people, tokens, views])
      for (const name of prototypeNames) assert.ok(names.includes(name), `${name} was refused as a name`);
    const shownOn = async (path, names) => {
      const shown = await open(path);
      for (const name of names) assert.ok(stands(shown, name), `${path} does not show ${name}`);
    };
    await shownOn('/settings/people', people);
    await shownOn('/settings/tokens', tokens);
    await shownOn('/recipes', hostile.titles);
    await open('/settings/audit');
    await open('/runs');
    await page.getByRole('button', { name: 'Views' }).click();
    const shown = await judge('saved views');
    for (const name of views) assert.ok(stands(shown, name), `the saved views lack ${name}`);
  }));

  it('CON_04 lists problems and holds with what vendors and people said of them', keepingTraces(async () => {
    const { problems } = await hub.api('GET', 'problems?state=open&limit=50');
    assert.ok(problems.some((one) => one.message.includes('__xss')), 'no problem has the words of the vendor');
    const shown = await open('/problems');
    for (const { message } of problems) assert.ok(stands(shown, message), `the problems do not show ${message}`);
    const reasons = await hostile.hold();
    const held = await open('/lists/held');
    for (const reason of reasons) assert.ok(stands(held, reason), `the holds do not show ${reason}`);
  }));

  // Each page in peaceful words is looked at by pages.test.mjs; the hostile ones above are those that differ.
  it('CON_04 CON_12 runs nothing on any page that a link leads to', { skip: !isLong && 'IEUM_LONG=1' }, keepingTraces(async () => {
    const pages = await explore(() => page, hub, await namesOf(hub), ({ address }) => judge(address));
    assert.ok(pages.length > 20, pages.map((one) => one.pattern).join(' '));
  }));
});
