// Shopify's own library: it judges the webhooks that the sandbox signs and sends, and calls the Admin API. Its address is
// always https://SHOP; the calls are turned to the sandbox below it, in `customFetchApi`.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import '@shopify/shopify-api/adapters/node';
import { ApiVersion, LogSeverity, shopifyApi } from '@shopify/shopify-api';
import { createAdminApiClient } from '@shopify/admin-api-client';
import { startSandbox } from '../support/hub.mjs';

const secret = 'shpss_of_the_sdk_test';
const shop = 'ieum-demo.myshopify.com';

describe('@shopify/shopify-api 13.1.0: webhooks', () => {
  let sandbox, receiver, address;
  const judged = [];
  const waiting = [];
  const library = (apiSecretKey) =>
    shopifyApi({
      apiKey: 'key', apiSecretKey, hostName: 'hub.example.com', apiVersion: ApiVersion.July26,
      isEmbeddedApp: false, logger: { level: LogSeverity.Error },
    });
  before(async () => {
    sandbox = await startSandbox();
    const [right, wrong] = [library(secret), library('shpss_other')];
    receiver = createServer(async (rawRequest, rawResponse) => {
      const chunks = [];
      for await (const chunk of rawRequest) chunks.push(chunk);
      const rawBody = Buffer.concat(chunks).toString('utf8');
      const validate = (by, body = rawBody) => by.webhooks.validate({ rawBody: body, rawRequest, rawResponse });
      const seen = {
        body: JSON.parse(rawBody),
        right: await validate(right),
        wrong: await validate(wrong),
        changed: await validate(right, rawBody.replace('"id":', '"id": ')),
      };
      rawResponse.end();
      if (waiting.length > 0) waiting.shift()(seen);
      else judged.push(seen);
    });
    await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${receiver.address().port}/webhooks`;
  });
  after(() => receiver.close());

  const received = () => (judged.length > 0 ? judged.shift() : new Promise((resolve) => waiting.push(resolve)));

  it('takes what the sandbox signs, and nothing else', async () => {
    await sandbox.control('POST', 'send', { vendor: 'shopify', topic: 'orders/create', to: address, secret });
    const { body, right, wrong, changed } = await received();
    assert.equal(right.valid, true, JSON.stringify(right));
    assert.equal(right.topic, 'ORDERS_CREATE');
    assert.equal(right.domain, shop);
    assert.match(right.webhookId, /^[0-9a-f-]{36}$/);
    assert.ok(Date.parse(right.triggeredAt));
    assert.ok(body.id > 0 && body.line_items.length > 0);
    assert.deepEqual([wrong.valid, wrong.reason], [false, 'invalid_hmac']);
    assert.deepEqual([changed.valid, changed.reason], [false, 'invalid_hmac']);
  });

  it('takes Korean text and each topic that the sandbox has a sample of', async () => {
    const body = { id: 1042, note: '문 앞에 놓아주세요' };
    await sandbox.control('POST', 'send', { vendor: 'shopify', topic: 'orders/updated', to: address, secret, body });
    const told = await received();
    assert.equal(told.right.valid, true);
    assert.deepEqual(told.body, body);
    for (const topic of ['checkouts/update', 'customers/update', 'customers/redact', 'app/uninstalled']) {
      await sandbox.control('POST', 'send', { vendor: 'shopify', topic, to: address, secret });
      const { right } = await received();
      assert.deepEqual([right.valid, right.topic], [true, topic.toUpperCase().replace('/', '_')]);
    }
  });
});

describe('@shopify/admin-api-client', () => {
  let sandbox, admin;
  const client = (accessToken) =>
    createAdminApiClient({
      storeDomain: shop,
      apiVersion: '2026-04',
      accessToken,
      logger: () => {},
      customFetchApi: (url, options) => fetch(String(url).replace(`https://${shop}`, sandbox.url), options),
    });
  before(async () => {
    sandbox = await startSandbox();
    admin = client('shpat_sandbox');
  });

  const TAGS_ADD = `mutation addTags($id: ID!, $tags: [String!]!) {
    tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
  }`;
  const addTags = (id, ...tags) => admin.request(TAGS_ADD, { variables: { id, tags } });

  it('asks for the shop', async () => {
    const { data, errors } = await admin.request('query { shop { name myshopifyDomain ianaTimezone } }');
    assert.equal(errors, undefined);
    assert.deepEqual(data.shop, { name: '이음 상점', myshopifyDomain: shop, ianaTimezone: 'Asia/Seoul' });
  });

  it('adds tags and is told what they cost', async () => {
    const { data, errors, extensions } = await addTags('gid://shopify/Customer/7001', '재구매', 'vip');
    assert.equal(errors, undefined);
    assert.equal(data.tagsAdd.node.id, 'gid://shopify/Customer/7001');
    assert.deepEqual(data.tagsAdd.userErrors, []);
    assert.equal(extensions.cost.requestedQueryCost, 10);
    assert.equal(extensions.cost.throttleStatus.maximumAvailable, 1000);
    const [call] = await sandbox.calls('shopify').then((calls) => calls.slice(-1));
    assert.equal(call.operation, 'tagsAdd');
    assert.equal(call.effect, 'applied');
  });

  it('is refused by userErrors, by errors, and by status', async () => {
    const gone = await addTags('gid://shopify/Customer/404', 'x');
    assert.equal(gone.errors, undefined);
    assert.deepEqual(gone.data.tagsAdd.userErrors, [{ field: ['id'], message: 'Resource does not exist' }]);
    const bad = await addTags('Customer/7001', 'x');
    assert.match(bad.errors.graphQLErrors[0].message, /Invalid global id/);
    const unknown = await admin.request('query { noSuchField { id } }');
    assert.equal(unknown.errors.graphQLErrors[0].extensions.code, 'undefinedField');
    const stranger = await client('shpat_other').request('query { shop { name } }');
    assert.equal(stranger.errors.networkStatusCode, 401);
  });

  it('is denied a field that its scopes do not open', async () => {
    const { token } = await sandbox.control('POST', 'tokens', { vendor: 'shopify', scopes: ['read_customers'] });
    const variables = { id: 'gid://shopify/Customer/7001', tags: ['x'] };
    const { errors } = await client(token).request(TAGS_ADD, { variables });
    assert.equal(errors.networkStatusCode, 200);
    assert.equal(errors.graphQLErrors[0].extensions.code, 'ACCESS_DENIED');
    assert.deepEqual(errors.graphQLErrors[0].path, ['tagsAdd']);
  });

  it('registers a webhook that the sandbox knows', async () => {
    const made = await admin.request(
      `mutation subscribe($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
        webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
          webhookSubscription { id topic uri } userErrors { field message }
        }
      }`,
      { variables: { topic: 'ORDERS_PAID', hook: { uri: 'https://hub.example.com/hooks/shop' } } },
    );
    assert.deepEqual(made.data.webhookSubscriptionCreate.userErrors, []);
    const { hooks } = await sandbox.control('GET', 'hooks');
    assert.deepEqual(hooks[0].topics, ['orders/paid']);
  });

  it('is throttled in an answer of 200, with what is left in the bucket', async () => {
    await sandbox.control('POST', 'faults', { vendor: 'shopify', kind: 'rate_limit' });
    let last;
    for (let i = 0; i < 300; i++) {
      last = await addTags('gid://shopify/Order/5100', `tag-${i}`);
      if (last.errors) break;
    }
    assert.equal(last.errors.networkStatusCode, 200);
    assert.equal(last.errors.graphQLErrors[0].extensions.code, 'THROTTLED');
    const { throttleStatus } = last.extensions.cost;
    assert.ok(throttleStatus.currentlyAvailable < 10);
    assert.equal(throttleStatus.restoreRate, 50);
  });
});
