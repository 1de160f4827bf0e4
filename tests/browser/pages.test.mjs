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
  let shop, cookies;
  const pages = [];
  const wrong = [];
  const unreached = [];
  const people = new Map();
  // The same person in another language, light or width; one page each, opened when it is first wanted.
  const seenAs = async (way, isStranger = false) => {
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
  const look = async ({ pattern, isStranger = false }, way) => {
    const { person, page } = await seenAs(way, isStranger);
    const where = `${fileName(pattern)}-${way.language}-${way.theme}-${way.width}`;
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
    if (!isLong || (way.language === 'en' && way.theme === 'light'))
      for (const [what, names] of Object.entries(await walk(page)))
        if (names.length > 0) unreached.push(`${where}: ${what}: ${names.join(' | ')}`);
    // A code that is too old is refused with a complaint of the browser, and tried too often, not even looked at.
    await person.assertQuiet(isStranger ? ['status of 401', 'status of 403', 'status of 429'] : []).catch((told) => wrong.push(`${where}: ${told.actual}`));
  };
  const none = (context, lines) => {
    for (const line of lines) context.diagnostic(line);
    assert.deepEqual(lines, []);
  };
  const wayOf = (number) => ways[number % ways.length];

  before(keepingTraces(async () => {
    shop = await startShop();
    const person = await startPerson();
    await enter(person, shop.hub);
    cookies = await person.cookies();
    await person.end();
    if (isLong) await rm(shots, { recursive: true, force: true });
    await mkdir(shots, { recursive: true });
  }));

  it('stands in every language, theme and width: nothing cut off, no complaint, axe finds nothing', keepingTraces(async (context) => {
    const { hub } = shop;
    const open = async (number) => (await seenAs(wayOf(number))).page;
    pages.push(...(await explore(open, hub, await namesOf(hub), (one, number) => look(one, wayOf(number)))));
    const byLinks = pages.length;
    // A run looks otherwise in each state.
    const { runs } = await hub.api('GET', 'runs?limit=200');
    for (const state of new Set(runs.map((run) => run.state))) {
      const { id } = runs.find((run) => run.state === state);
      pages.push({ pattern: `run ${state}`, address: `${hub.admin}/runs/${id}` });
    }
    // The ways in, for who is not logged in.
    for (const path of ['/login', '/enter#an-old-code', '/claim', '/claim#some-token', '/invitation', '/invitation#some-token'])
      pages.push({ pattern: path, address: hub.admin + path, isStranger: true });
    for (const [number, one] of pages.entries()) {
      const seen = number < byLinks ? [wayOf(number)] : [];
      const wanted = isLong ? ways : [wayOf(number)];
      for (const way of wanted.filter((each) => !seen.includes(each))) {
        await visit((await seenAs(way, one.isStranger)).page, one.address);
        await look(one, way);
      }
    }
    none(context, wrong);
  }));

  it('can be walked with the keyboard alone: Tab reaches all that a click reaches, and each stop is marked', (context) =>
    none(context, unreached));

  it('is found by links: the lists, and one of each thing in them', () => {
    assert.ok(pages.length > 30, `only ${pages.map((one) => one.pattern)}`);
  });
});
