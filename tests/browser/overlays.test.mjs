// What opens over a page: palette, help, menus, dialogs. Each fits its screen, takes the focus and keeps it, closes with
// Escape, gives the focus back, and axe finds nothing. The short form shows one of each kind once, IEUM_LONG=1 all in every way.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { build, isLong, keepingTraces, startPerson } from './browser.mjs';
import { enter, ready, sample } from './console.mjs';
import { judge, ways } from './looks.mjs';
import { startShop } from './shop.mjs';

const press = (keys) => (page) => page.keyboard.press(keys);
const click = (name) => (page) => page.getByRole('main').getByRole('button', { name }).first().click();
const overlays = [
  ['palette', '/', press('Control+k')],
  ['help', '/', press('?')],
  ['send', '/', press('t')],
  ['views', '/runs', click(/^(Views|저장한 보기)/)],
  ['run menu', '/runs/1', click(/^(More|더 보기)/)],
  ['switch off', '/recipes/order-to-erp', click(/^(Switch off|끄기)/)],
  ['hold a recipe', '/recipes/order-to-erp', click(/^(Hold|보류)/)],
  ['remove a connection', '/connections/erp', click(/^(Remove|삭제)/)],
  ['change a secret', '/connections/team', click(/^(Change|바꾸기)/)],
  ['hold', '/lists/held', click(/^(Hold|보류)/)],
  ['discard', '/lists/quarantined', click(/^(Discard|Give up|버리기)/)],
  ['invite', '/settings/people', click(/^(Invite|초대)/)],
  ['new token', '/settings/tokens', click(/^(Make a token|New token|토큰 만들기)/)],
];

describe('what opens over a page', () => {
  let shop, cookies;
  const people = new Map();
  before(keepingTraces(async () => {
    shop = await startShop();
    const person = await startPerson();
    await enter(person, shop.hub);
    cookies = await person.cookies();
    await person.end();
    await mkdir(join(build, 'screenshots'), { recursive: true });
  }));
  const seenAs = async (way) => {
    const key = JSON.stringify(way);
    if (!people.has(key)) {
      const person = await startPerson({ ...way, cookies });
      people.set(key, { person, page: await person.page() });
    }
    return people.get(key);
  };

  for (const [at, [name, path, open]] of sample(overlays, 4).entries()) {
    it(`${name} fits, keeps the focus, and gives it back`, keepingTraces(async () => {
      for (const way of isLong ? ways : [ways[(at * 3) % ways.length]]) {
        const { person, page } = await seenAs(way);
        const where = `over-${name.replaceAll(' ', '-')}-${way.language}-${way.theme}-${way.width}`;
        await page.goto(shop.hub.admin + path);
        await ready(page);
        await open(page);
        const over = page.locator('dialog[open], [role=menu], [role=dialog]').last();
        await over.waitFor();
        await ready(page);
        if (isLong) await page.screenshot({ path: join(build, 'screenshots', `${where}.png`) });
        const box = await over.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= way.width + 0.5, `${where}: stands from ${box.x} to ${box.x + box.width}`);
        const { violations } = await judge(page);
        assert.deepEqual(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`), []);
        const inside = () => over.evaluate((element) => element.contains(document.activeElement) || document.activeElement === document.body);
        const isMenu = (await over.getAttribute('role')) === 'menu';
        assert.ok(await over.evaluate((element) => element.contains(document.activeElement)), `${where}: the focus stays behind`);
        for (let stop = 0; !isMenu && stop < 12; ++stop) {
          await page.keyboard.press('Tab');
          assert.ok(await inside(), `${where}: Tab leads out of it`);
        }
        await page.keyboard.press('Escape');
        await over.waitFor({ state: 'detached' });
        const back = await page.evaluate(() => document.activeElement?.tagName);
        if (path !== '/') assert.equal(back, 'BUTTON', `${where}: the focus does not go back`);
        await person.assertQuiet();
      }
    }));
  }
});
