// Segment's own library for servers, pointed at a hub: who somebody is, what they did and what they agreed to arrives whole and once.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { startHub, until } from '../support/hub.mjs';

const writeKey = 'a-write-key-that-only-the-shop-knows';

describe('@segment/analytics-node 3.1.0', () => {
  let hub;
  before(async () => {
    hub = await startHub();
    await hub.connect('backend', { connector: 'segment', source: 'server' }, { write_key: writeKey });
  });

  // Sends what `tell` says, to its end; the codes of what could not be sent.
  async function send(tell, key = writeKey) {
    const analytics = new Analytics({ writeKey: key, host: hub.url, maxRetries: 0, flushAt: 15 });
    const failed = [];
    analytics.on('error', (error) => failed.push(error.code));
    tell(analytics);
    await analytics.closeAndFlush({ timeout: 20_000 });
    return failed;
  }
  const customer = async (key) => JSON.parse(await hub.ieum('customer', 'show', key, '--json'));
  const events = async () => (await hub.api('GET', 'events?limit=50')).events;
  const settled = () => until(events, (list) => list.length > 0 && list.every((one) => one.state !== 'accepted'));

  it('names a customer, with traits and consent', async () => {
    const failed = await send((analytics) => {
      analytics.identify({
        userId: '7001',
        traits: { name: '김서연', email: 'Seoyeon@example.com', phone: '010-1234-5678', ad_consent: { email: true } },
      });
      analytics.track({ userId: '7001', event: 'Product Added', properties: { price: 62000, quantity: 1, currency: 'KRW' } });
      analytics.page({ userId: '7001', name: '린넨 셔츠', properties: { path: '/products/8001' } });
      analytics.screen({ userId: '7001', name: '상품 상세' });
      analytics.group({ userId: '7001', groupId: 'g-1' });
      analytics.track({ userId: '7001', event: '쿠폰 발급', properties: { code: 'SPRING10' } });
    });
    assert.deepEqual(failed, []);
    await settled();
    const known = await customer('user:7001');
    assert.equal(known.traits.name.value, '김서연');
    assert.deepEqual(
      known.identities.map((one) => `${one.kind}:${one.value}`).sort(),
      ['email:seoyeon@example.com', 'phone:+821012345678', 'user:7001'],
    );
    assert.deepEqual(known.consents.map((one) => [one.purpose, one.channel, one.word]), [['ad', 'email', 'granted']]);
    assert.equal((await customer('010-1234-5678')).id, known.id);
  });

  it('is told that its key is wrong', async () => {
    const failed = await send((analytics) => analytics.track({ userId: '7002', event: 'Promo' }), 'another-key');
    assert.deepEqual(failed, ['delivery_failure']);
  });
});
