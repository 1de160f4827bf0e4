// The Apps Script sender that people paste into a sheet, run as it stands with Google's services replaced by Node's: what
// it signs is what a hub's connection of `sheets` takes.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startHub } from '../support/hub.mjs';

const path = fileURLToPath(new URL('../../connectors/sheets/sender.gs', import.meta.url));

describe('connectors/sheets/sender.gs', () => {
  let hub, source;
  before(async () => {
    hub = await startHub();
    await hub.connect('sheets', { login: 'service_account' }, { script_secret: 'flow-secret' });
    source = await readFile(path, 'utf8');
  });

  // Runs hubSend on a form's submission; the answer's status.
  async function submit(secret, values) {
    const calls = [];
    const services = {
      Utilities: {
        getUuid: randomUUID,
        Charset: { UTF_8: 'utf8' },
        // Google gives signed bytes.
        computeHmacSha256Signature: (text, key, charset) => [
          ...new Int8Array(createHmac('sha256', key).update(text, charset).digest()),
        ],
      },
      UrlFetchApp: { fetch: (url, options) => calls.push([url, options]) },
    };
    const filled = source
      .replace('{hook_url}', hub.hook('sheets'))
      .replace('{secret}', secret);
    const send = new Function(...Object.keys(services), `${filled}; return hubSend;`)(...Object.values(services));
    const range = { getSheet: () => ({ getName: () => '응답' }), getRow: () => 2, getValues: () => [values] };
    send({ range, values, namedValues: { 이름: [values[0]] } });
    const [url, options] = calls[0];
    const headers = { 'content-type': options.contentType, ...options.headers };
    return (await fetch(url, { method: options.method, headers, body: options.payload })).status;
  }

  it('is taken, with Korean text', async () => {
    assert.equal(await submit('flow-secret', ['홍길동', '010-1234-5678']), 200);
    assert.match(await hub.ieum('event', 'list', '--json'), /row\.sent/);
  });

  it('is refused with another secret', async () => {
    assert.equal(await submit('other-secret', ['홍길동']), 401);
  });
});
