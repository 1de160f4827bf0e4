// The admin door as a browser meets it: no other site frames it, reaches it under another name or reads it, and what a stranger
// sent is never a page of the console's origin.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { before, describe, it } from 'node:test';
import { atTheEnd, startHub } from '../support/hub.mjs';
import { keepingTraces, startPerson } from './browser.mjs';
import { enter } from './console.mjs';
import { deliver } from './deliveries.mjs';

const markup = '<!doctype html><script>__xss("rendered")</script><svg xmlns="http://www.w3.org/2000/svg" onload="__xss(1)"/>';

describe('the admin door in a browser', () => {
  let hub, person, page, stranger;
  // Somebody who is logged in and now looks at another site, which provokes complaints of the browser.
  const lured = async (work) => {
    const other = await startPerson({ cookies: await person.cookies() });
    await work(await other.page());
    await other.end();
  };
  before(async () => {
    hub = await startHub();
    person = await startPerson();
    page = await enter(person, hub);
    // Another site, on this machine: a page with the console in a frame, and a form that posts to it.
    const server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/html' });
      answer.end(`<!doctype html><title>stranger</title><iframe src="${hub.admin}/"></iframe>
        <form id="f" method="post" enctype="text/plain" action="${hub.admin}/api/v1/login-links"><input name="a" value="b"></form>`);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    atTheEnd(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
    stranger = `http://localhost:${server.address().port}/`;
  });

  it('CON_07 is not shown in a frame of another page', keepingTraces(async () => {
    await lured(async (other) => {
      const refused = other.waitForEvent('console', (message) => /frame-ancestors|X-Frame-Options/i.test(message.text()));
      await other.goto(stranger);
      assert.match((await refused).text(), /frame/);
      const frame = other.frames().find((one) => one !== other.mainFrame());
      assert.equal(await frame.locator('#console').count(), 0);
    });
  }));

  it('CON_07 takes nothing from a page of another site, whatever cookie the browser has', keepingTraces(async () => {
    await lured(async (other) => {
      await other.goto(stranger);
      const seen = await other.evaluate(async (admin) => {
        const asked = (options) => fetch(`${admin}/api/v1/status`, { credentials: 'include', ...options });
        return Promise.all(
          [{}, { method: 'POST', body: '{}' }, { mode: 'no-cors' }].map((options) =>
            asked(options).then((answer) => `${answer.type} ${answer.status}`, () => 'refused'),
          ),
        );
      }, hub.admin);
      assert.deepEqual(seen, ['refused', 'refused', 'refused']);
      const [answer] = await Promise.all([
        other.waitForResponse((one) => one.url().includes('/login-links')),
        other.evaluate(() => document.getElementById('f').submit()),
      ]);
      assert.equal(answer.status(), 403);
    });
  }));

  it('CON_07 answers 421 under a name that somebody else made lead here', keepingTraces(async () => {
    const { port } = new URL(hub.admin);
    await lured(async (other) => {
      // rebound.test resolves to 127.0.0.1 in this browser.
      for (const path of ['', 'api/v1/status']) assert.equal((await other.goto(`http://rebound.test:${port}/${path}`)).status(), 421);
    });
    const named = (host) =>
      new Promise((resolve, reject) =>
        request({ host: '127.0.0.1', port, path: '/', headers: { host } }, (got) => resolve(got.statusCode))
          .once('error', reject)
          .end(),
      );
    assert.equal(await named(`evil.example:${port}`), 421);
    assert.equal(await named(`127.0.0.1.evil.example`), 421);
    assert.equal(await named(`localhost:${port}`), 200);
  }));

  it('CON_07 leaves nothing of a private page behind: no answer of the API is kept, and after logging out Back shows none', keepingTraces(async () => {
    const leaver = await startPerson();
    const left = await enter(leaver, hub);
    const kept = [];
    left.on('response', (answer) => {
      if (answer.url().includes('/api/v1/') && !/no-store/.test(answer.headers()['cache-control'] ?? '')) kept.push(answer.url());
    });
    await left.reload();
    await left.getByRole('main').waitFor();
    assert.equal(await left.evaluate(async () => (await fetch('/api/v1/runs')).status), 200);
    assert.equal(
      await left.evaluate(async () => {
        const headers = { 'content-type': 'application/json' };
        return (await fetch('/api/v1/sessions', { method: 'DELETE', headers })).status;
      }),
      200,
    );
    await left.goto('about:blank');
    await left.goBack();
    assert.equal(await left.evaluate(async () => (await fetch('/api/v1/runs')).status), 401);
    assert.deepEqual(kept, []);
    assert.deepEqual(await leaver.cookies(), []);
    await leaver.end();
  }));

  it('CON_05 never renders what a stranger sent: opened by its address, a payload runs nothing', keepingTraces(async () => {
    await hub.connect('intake', { connector: 'webhook', scheme: 'hmac' }, { secret: 'signing-secret' });
    for (const [type, body] of [
      ['text/html', markup],
      ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="__xss(1)"><script>__xss(2)</script></svg>'],
      ['application/xml', '<?xml version="1.0"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>__xss(3)</h:script></x>'],
      ['application/pdf', '%PDF-1.4 (javascript:__xss(4))'],
      ['application/json', JSON.stringify({ text: markup })],
    ]) {
      const { status, text } = await deliver(hub, 'intake', 'signing-secret', body, { 'content-type': type });
      assert.equal(status, 200, `${type}: ${text}`);
    }
    const { events } = await hub.api('GET', 'events');
    assert.equal(events.length, 5);
    const reader = await person.page();
    for (const { id } of events) {
      const answer = await reader.goto(`${hub.admin}/api/v1/events/${id}`);
      const headers = answer.headers();
      assert.equal(answer.status(), 200);
      assert.match(headers['content-type'], /^application\/json/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(headers['content-security-policy'], /default-src 'none'|sandbox|default-src 'self'/);
      assert.equal(await reader.evaluate(() => document.querySelectorAll('script, svg, iframe, embed').length), 0);
    }
    await person.assertQuiet(['404 (Not Found)']); // the icon that a browser looks for beside a bare document
  }));

  it('CON_04 keeps a strict policy on its pages: nothing inline, nothing from elsewhere', keepingTraces(async () => {
    const answer = await page.goto(hub.admin);
    const policy = answer.headers()['content-security-policy'];
    assert.match(policy, /default-src 'self'/);
    assert.match(policy, /object-src 'none'/);
    assert.match(policy, /base-uri 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe-eval|https?:|\*/);
    assert.doesNotMatch(policy.match(/script-src[^;]*/)?.[0] ?? '', /unsafe-inline/);
    assert.equal(await page.evaluate(() => document.querySelectorAll('script:not([src])').length), 0);
    await page.getByRole('main').waitFor();
    await person.assertQuiet();
  }));
});
