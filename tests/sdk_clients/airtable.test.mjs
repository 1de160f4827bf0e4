// Airtable's own client against the sandbox: records in and out, pages, upsert, formulas, refusals and its limit.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import Airtable from 'airtable';
import { startSandbox } from '../support/hub.mjs';

describe('airtable 0.12.2', () => {
  let sandbox, base;
  const client = (apiKey, id = 'appSdk') =>
    new Airtable({ apiKey, endpointUrl: sandbox.url, noRetryIfRateLimited: true }).base(id);
  before(async () => {
    sandbox = await startSandbox();
    base = client('pat.sandbox');
  });
  const refusedWith = (error, statusCode) => (problem) => problem.error === error && problem.statusCode === statusCode;

  it('makes, reads, changes, replaces and deletes a record', async () => {
    const orders = base('주문');
    const made = await orders.create({ 이름: '홍길동', 금액: 62000 }, { typecast: true });
    assert.match(made.id, /^rec/);
    assert.equal((await orders.find(made.id)).get('금액'), 62000);
    await orders.update(made.id, { 상태: '발송' });
    const changed = await orders.find(made.id);
    assert.deepEqual(changed.fields, { 이름: '홍길동', 금액: 62000, 상태: '발송' });
    const replaced = await orders.replace(made.id, { 이름: '김민지' });
    assert.deepEqual(replaced.fields, { 이름: '김민지' });
    const [again] = await orders.replace([{ id: made.id, fields: { 금액: 1 } }]);
    assert.deepEqual(again.fields, { 금액: 1 });
    assert.equal((await orders.destroy(made.id)).id, made.id);
    await assert.rejects(orders.find(made.id), refusedWith('NOT_FOUND', 404));
  });

  it('makes ten at once, lists them by pages, deletes several', async () => {
    const customers = base('고객');
    for (const from of [0, 10])
      await customers.create(Array.from({ length: 10 }, (_, i) => ({ fields: { 번호: from + i, 이름: i === 3 ? '민지' : '준호' } })));
    const sizes = [];
    await customers.select({ pageSize: 8 }).eachPage((records, next) => {
      sizes.push(records.length);
      next();
    });
    assert.deepEqual(sizes, [8, 8, 4]);
    assert.equal((await customers.select({ maxRecords: 5 }).all()).length, 5);
    const found = await customers.select({ filterByFormula: "{이름}='민지'" }).firstPage();
    assert.deepEqual(found.map((one) => one.get('번호')), [3, 13]);
    const posted = await customers.select({ filterByFormula: "{이름}='민지'", pageSize: 1, method: 'post' }).all();
    assert.deepEqual(posted.map((one) => one.get('번호')), [3, 13]);
    assert.equal((await customers.destroy(found.map((one) => one.id))).length, 2);
    assert.equal((await customers.select().all()).length, 18);
    const eleven = customers.create(Array.from({ length: 11 }, () => ({ fields: {} })));
    await assert.rejects(eleven, refusedWith('INVALID_REQUEST_UNKNOWN', 422));
  });

  it('works with a token of the login, as far as its scopes go', async () => {
    const verifier = 'a-verifier-that-is-long-enough-for-the-rfc-7636';
    const back = 'https://hub.example.test/oauth/callback';
    const asked = new URLSearchParams({
      client_id: 'sandbox-client', redirect_uri: back, response_type: 'code', scope: 'data.records:read', state: 's1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    });
    const page = await fetch(`${sandbox.url}/oauth2/v1/authorize?${asked}`, { redirect: 'manual' });
    const code = new URL(page.headers.get('location')).searchParams.get('code');
    const grant = { grant_type: 'authorization_code', code, redirect_uri: back, code_verifier: verifier };
    const answer = await fetch(`${sandbox.url}/oauth2/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('sandbox-client:sandbox-client-secret')}` },
      body: new URLSearchParams(grant),
    });
    const reader = client((await answer.json()).access_token);
    assert.deepEqual(await reader('새 표').select().all(), []);
    await assert.rejects(reader('새 표').create({ 이름: 'x' }), refusedWith('NOT_AUTHORIZED', 403));
  });

  it('upserts by a field', async () => {
    const people = base('people');
    const upsert = (fields) => people.update([{ fields }], { performUpsert: { fieldsToMergeOn: ['Email'] } });
    const [first] = await upsert({ Email: 'minji@example.com', Name: '민지' });
    const [second] = await upsert({ Email: 'minji@example.com', Tier: 'vip' });
    assert.equal(second.id, first.id);
    assert.deepEqual(second.fields, { Email: 'minji@example.com', Name: '민지', Tier: 'vip' });
  });

  it('is refused in its own words', async () => {
    await assert.rejects(base('people').create({ Nope: 1 }), refusedWith('UNKNOWN_FIELD_NAME', 422));
    await assert.rejects(base('missing').select().all(), refusedWith('NOT_FOUND', 404));
    await assert.rejects(base('people').find('recNone'), refusedWith('NOT_FOUND', 404));
    await base('people').create({ Email: 'a@example.com' });
    const formula = base('people').select({ filterByFormula: 'NO(' }).all();
    await assert.rejects(formula, refusedWith('INVALID_FILTER_BY_FORMULA', 422));
    await assert.rejects(client('pat.other')('people').select().all(), refusedWith('AUTHENTICATION_REQUIRED', 401));
  });

  it('rests after five calls of a second', async () => {
    await sandbox.control('POST', 'faults', { vendor: 'airtable', kind: 'rate_limit' });
    const busy = client('pat.sandbox', 'appBusy')('people');
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => busy.select().all()));
    const limited = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason);
    assert.ok(limited.length > 0 && limited.length < 12);
    for (const problem of limited) assert.ok(refusedWith('TOO_MANY_REQUESTS', 429)(problem));
  });
});
