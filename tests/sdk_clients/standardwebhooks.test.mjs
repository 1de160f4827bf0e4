// The reference library of standardwebhooks.com signs; a hub's connection of `webhook` judges what it gets over the wire.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { startHub } from '../support/hub.mjs';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = JSON.stringify({ type: 'order.paid', order: '20260302000000000001', 고객: '홍길동' });

describe('standardwebhooks 1.1.1', () => {
  let hub;
  before(async () => {
    hub = await startHub();
    await hub.connect('webhook', { scheme: 'standard_webhooks' }, { secret });
  });

  const deliver = (id, { at = new Date(), by = new Webhook(secret), sent = body, signature } = {}) =>
    fetch(hub.hook('webhook'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signature ?? by.sign(id, at, body),
      },
      body: sent,
    });

  it('is taken, once for each webhook-id', async () => {
    const first = await deliver('msg_1');
    assert.equal(first.status, 200);
    const again = await deliver('msg_1');
    assert.equal(again.status, 200);
    assert.equal((await again.json()).receipt, (await first.json()).receipt);
    const events = JSON.parse(await hub.ieum('event', 'list', '--json'));
    assert.match(JSON.stringify(events), /order\.paid/);
  });

  it('is taken when one of several signatures is right', async () => {
    const at = new Date();
    const wrong = new Webhook('whsec_' + Buffer.from('another secret of the sender').toString('base64'));
    const signature = `${wrong.sign('msg_2', at, body)} ${new Webhook(secret).sign('msg_2', at, body)}`;
    assert.equal((await deliver('msg_2', { at, signature })).status, 200);
  });

  it('is refused with another secret, another body, another id, or six minutes late', async () => {
    const wrong = new Webhook('whsec_' + Buffer.from('another secret of the sender').toString('base64'));
    const now = new Date();
    assert.equal((await deliver('msg_3', { by: wrong })).status, 401);
    assert.equal((await deliver('msg_4', { sent: body.replace('paid', 'lost') })).status, 401);
    const other = new Webhook(secret).sign('msg_5', now, body);
    assert.equal((await deliver('msg_6', { at: now, signature: other })).status, 401);
    assert.equal((await deliver('msg_7', { at: new Date(now - 360_000) })).status, 401);
  });
});
