// Hostile text (xss_corpus.mjs) in every place that keeps text, and every page that shows it: nothing runs, the policy has
// nothing to stop, and the text stands there as it was sent.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before, describe, it } from 'node:test';
import { atTheEnd } from '../support/hub.mjs';
import { keepingTraces, startPerson } from './browser.mjs';
import { enter, ready, sample } from './console.mjs';
import { startHostileHub } from './hostile.mjs';
import { corpus, prototypeNames } from './xss_corpus.mjs';

// What a reader finds on the page: text and what stands in fields. A text within JSON stands there as JSON writes it.
const readable = () =>
  [document.body.textContent, ...[...document.querySelectorAll('input, textarea')].map((field) => field.value)].join('\n');
const stands = (shown, text) => shown.includes(text) || shown.includes(JSON.stringify(text).slice(1, -1));

describe('hostile text in the console', { timeout: 900_000 }, () => {
  let hub, person, page, runs;
  before(async () => {
    const hostile = await startHostileHub();
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
  });

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
    for (const n of scripts) {
      const bare = await other.page();
      await bare.goto(`http://127.0.0.1:${server.address().port}/?n=${n}`);
      caught += (await bare.evaluate(() => window.__told.length)) > 0 ? 1 : 0;
      await bare.close();
    }
    await other.end();
    assert.ok(caught > scripts.length / 2, `${caught} of ${scripts.length} ran where nothing keeps them from it`);
    assert.ok(corpus.length >= 300 && new Set(corpus.map((one) => one.text)).size === corpus.length);
  }));

  it('CON_04 shows each run with its hostile key, bodies, headers, answers and errors as text', keepingTraces(async () => {
    assert.equal(runs.length, corpus.length);
    for (const run of sample(runs, 12)) {
      await page.goto(`${hub.admin}/?run=${run.id}`);
      await page.getByRole('heading', { name: `${run.id}` }).first().waitFor();
      await ready(page);
      await page.locator('details:not([open])').evaluateAll((folds) => folds.forEach((fold) => (fold.open = true)));
      const shown = await page.evaluate(readable);
      assert.ok(stands(shown, run.key), `run ${run.id} does not show ${run.key}`);
      for (const name of prototypeNames) assert.ok(shown.includes(`"${name}"`), `run ${run.id} does not show ${name}`);
      await person.assertQuiet();
    }
  }));
});
