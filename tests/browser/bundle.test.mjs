// What a browser must read before it can draw the first page: how much it is, and how long it takes here.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startHub } from '../support/hub.mjs';
import { build, keepingTraces, startPerson } from './browser.mjs';
import { enter, ready } from './console.mjs';

const web = join(build, 'web');

// The page's own scripts, those that they import before they run, and its style sheets.
async function readFirst() {
  const page = await readFile(join(web, 'index.html'), 'utf8');
  const queue = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((found) => found[1]);
  const sizes = new Map();
  while (queue.length > 0) {
    const path = queue.pop();
    if (sizes.has(path)) continue;
    const bytes = await readFile(join(web, path));
    sizes.set(path, gzipSync(bytes).length);
    if (path.endsWith('.js'))
      for (const [, name] of bytes.toString().matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+)"/g)) queue.push(`assets/${name}`);
  }
  return sizes;
}

it('reads less than 250 kB, compressed, before the first page', async (context) => {
  const sizes = await readFirst();
  const sum = [...sizes.values()].reduce((all, size) => all + size, 0);
  context.diagnostic(`${Math.round(sum / 1000)} kB in ${sizes.size} files`);
  assert.ok([...sizes.keys()].some((path) => path.endsWith('.js')));
  assert.ok(sum < 250_000, `${sum} bytes: ${[...sizes].map(([path, size]) => `${path} ${size}`).join(', ')}`);
});

it('has no address of another site in its style sheets and pages', async () => {
  for (const name of ['index.html', ...(await readdir(join(web, 'assets'))).filter((one) => one.endsWith('.css')).map((one) => `assets/${one}`)]) {
    const text = await readFile(join(web, name), 'utf8');
    assert.doesNotMatch(text, /(?:src|href)="(?:https?:)?\/\/|url\(["']?(?:https?:)?\/\/|@import/, name);
  }
});

// A figure to read, not a judgement: this machine may be busy with anything.
it('draws the first page', keepingTraces(async (context) => {
  const hub = await startHub();
  const person = await startPerson();
  const page = await enter(person, hub);
  const paints = [];
  for (let time = 0; time < 5; ++time) {
    await page.goto(hub.admin);
    await ready(page);
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
  }
  context.diagnostic(`first paint after ${paints.map((ms) => Math.round(ms)).sort((a, b) => a - b).join(', ')} ms`);
  assert.equal(paints.length, 5);
}));
