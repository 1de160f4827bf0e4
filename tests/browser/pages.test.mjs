// Every page of the console as people see it: in both languages, light and dark, at a desk and on a phone. Nothing is cut off,
// axe finds nothing, the keyboard reaches everything. The short form shows each page once; IEUM_LONG=1 in every way, and
// keeps a picture of each in build/screenshots.
import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { build, isLong, keepingTraces, startPerson } from './browser.mjs';
import { enter, ready } from './console.mjs';
import { explore, fileName, namesOf } from './explore.mjs';
import { walk } from './keyboard.mjs';
import { judge, ways } from './looks.mjs';
import { startShop } from './shop.mjs';

const shots = join(build, 'screenshots');

describe('every page of the console', () => {
  let shop, pages, cookies;
  const people = new Map();
  // The same person in another language, light or width; one page each, opened when it is first wanted.
  const seenAs = async (way, isStranger) => {
    const key = JSON.stringify([way, isStranger]);
    if (!people.has(key)) {
      const person = await startPerson({ ...way, cookies: isStranger ? [] : cookies });
      people.set(key, { person, page: await person.page() });
    }
    return people.get(key);
  };
  // An address that differs only behind '#' is no new page by itself.
  const visit = async (page, address) => {
    if (address.includes('#')) await page.goto('about:blank');
    await page.goto(address);
    await ready(page);
  };
  before(keepingTraces(async () => {
    shop = await startShop();
    const { hub } = shop;
    const person = await startPerson();
    const page = await enter(person, hub);
    cookies = await person.cookies();
    const { runs } = await hub.api('GET', 'runs?limit=200');
    pages = await explore(page, hub, await namesOf(hub));
    // A run looks otherwise in each state.
    for (const state of new Set(runs.map((run) => run.state))) {
      const { id } = runs.find((run) => run.state === state);
      pages.push({ pattern: `run ${state}`, address: `${hub.admin}/runs/${id}` });
    }
    await person.assertQuiet();
    await person.end();
    // The ways in, for who is not logged in; a code that is too old is refused with a complaint of the browser.
    for (const path of ['/login', '/enter#an-old-code', '/claim', '/claim#some-token', '/invitation', '/invitation#some-token'])
      pages.push({ pattern: path, address: hub.admin + path, isStranger: true });
    if (isLong) await rm(shots, { recursive: true, force: true });
    await mkdir(shots, { recursive: true });
  }));

  it('is found by links, the run list and a run among them', () => {
    assert.ok(pages.length >= 4, `only ${pages.map((one) => one.pattern)}`);
  });

  it('stands in every language, theme and width: nothing cut off, no complaint, axe finds nothing', keepingTraces(async (context) => {
    const wrong = [];
    for (const [at, { pattern, address, isStranger = false }] of pages.entries()) {
      for (const way of isLong ? ways : [ways[at % ways.length]]) {
        const { person, page } = await seenAs(way, isStranger);
        const where = `${fileName(pattern)}-${way.language}-${way.theme}-${way.width}`;
        await visit(page, address);
        if (isLong) await page.screenshot({ path: join(shots, `${where}.png`), fullPage: true });
        const [wide, room, language] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
          document.documentElement.lang,
        ]);
        if (wide > room) wrong.push(`${where}: ${wide} pixels stand in ${room}`);
        if (language !== way.language) wrong.push(`${where}: the page says it is in ${language}`);
        const { violations } = await judge(page);
        for (const { id, help, nodes } of violations)
          wrong.push(`${where}: ${id}, ${help}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
        await person.assertQuiet(isStranger ? ['status of 401', 'status of 403'] : []).catch((told) => wrong.push(`${where}: ${told.actual}`));
      }
    }
    for (const line of wrong) context.diagnostic(line);
    assert.deepEqual(wrong, []);
  }));

  it('can be walked with the keyboard alone: Tab reaches all that a click reaches, and each stop is marked', keepingTraces(async (context) => {
    const wrong = [];
    for (const [at, { pattern, address, isStranger = false }] of pages.entries()) {
      for (const width of isLong ? [1440, 390] : [at % 2 === 0 ? 1440 : 390]) {
        const way = ways.find((one) => one.language === 'en' && one.theme === 'light' && one.width === width);
        const { page } = await seenAs(way, isStranger);
        await visit(page, address);
        for (const [what, names] of Object.entries(await walk(page)))
          if (names.length > 0) wrong.push(`${fileName(pattern)} at ${width}: ${what}: ${names.join(' | ')}`);
      }
    }
    for (const line of wrong) context.diagnostic(line);
    assert.deepEqual(wrong, []);
  }));
});
