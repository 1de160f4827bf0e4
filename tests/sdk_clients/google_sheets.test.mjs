// Google's own Sheets client against the sandbox: the service account's token, appends, reads, Korean names, refusals.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { sheets } from '@googleapis/sheets';
import { JWT, OAuth2Client } from 'google-auth-library';
import { startSandbox } from '../support/hub.mjs';

describe('@googleapis/sheets 14.0.0', () => {
  let sandbox, client, key;
  const spreadsheetId = 'sheet-of-the-sdk';

  before(async () => {
    sandbox = await startSandbox();
    key = await sandbox.control('GET', 'google/key.json');
    client = sheets({ version: 'v4', auth: account(), rootUrl: `${sandbox.url}/`, retry: false });
    await sandbox.control('POST', 'sheets', {
      spreadsheet: spreadsheetId,
      sheet: '주문 내역',
      rows: [['이름', '금액', '날짜']],
    });
  });

  // The client's token address is fixed; its requests are sent to the sandbox instead.
  function account(change = {}) {
    const auth = new JWT({
      email: key.client_email,
      key: key.private_key,
      keyId: key.private_key_id,
      scopes: ['https://www.googleapis.com/auth/spreadsheets'],
      ...change,
    });
    auth.transporter.interceptors.request.add({
      resolved: async (config) => {
        const url = new URL(config.url);
        if (url.host === 'oauth2.googleapis.com') config.url = new URL(`${sandbox.url}${url.pathname}`);
        return config;
      },
    });
    return auth;
  }

  it('is refused what its login does not cover', async () => {
    const scopes = ['https://www.googleapis.com/auth/spreadsheets.readonly'];
    const reader = sheets({ version: 'v4', auth: account({ scopes }), rootUrl: `${sandbox.url}/`, retry: false });
    assert.equal((await reader.spreadsheets.get({ spreadsheetId })).status, 200);
    await assert.rejects(reader.spreadsheets.values.clear({ spreadsheetId, range: 'A1' }), (problem) => {
      assert.equal(problem.response.status, 403);
      assert.equal(problem.response.data.error.details[0].reason, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
      return true;
    });
  });

  it('appends below the table and reads what it wrote', async () => {
    const range = "'주문 내역'!A1";
    const added = await client.spreadsheets.values.append({
      spreadsheetId,
      range,
      valueInputOption: 'RAW',
      insertDataOption: 'INSERT_ROWS',
      requestBody: { values: [['홍길동', 62000, '2026-03-02'], ['=IMPORTXML("x")', '0101234', null]] },
    });
    assert.equal(added.data.tableRange, "'주문 내역'!A1:C1");
    assert.equal(added.data.updates.updatedRange, "'주문 내역'!A2:C3");
    assert.equal(added.data.updates.updatedRows, 2);
    const read = await client.spreadsheets.values.get({
      spreadsheetId,
      range: '주문 내역',
      valueRenderOption: 'UNFORMATTED_VALUE',
    });
    assert.deepEqual(read.data.values, [
      ['이름', '금액', '날짜'],
      ['홍길동', 62000, '2026-03-02'],
      ['=IMPORTXML("x")', '0101234'],
    ]);
  });

  it('reads several ranges, updates, clears and changes the structure', async () => {
    const batch = await client.spreadsheets.values.batchGet({ spreadsheetId, ranges: ["'주문 내역'!1:1", "'주문 내역'!A2:ZZZ"] });
    assert.equal(batch.data.valueRanges.length, 2);
    assert.deepEqual(batch.data.valueRanges[0].values, [['이름', '금액', '날짜']]);
    await client.spreadsheets.batchUpdate({
      spreadsheetId,
      requestBody: { requests: [{ addSheet: { properties: { title: "이순신's" } } }] },
    });
    const about = await client.spreadsheets.get({ spreadsheetId });
    assert.deepEqual(
      about.data.sheets.map((sheet) => sheet.properties.title),
      ['주문 내역', "이순신's"],
    );
    const put = await client.spreadsheets.values.update({
      spreadsheetId,
      range: "'이순신''s'!B2",
      valueInputOption: 'USER_ENTERED',
      requestBody: { values: [['0101234', '=1+1', '2026-03-02']] },
    });
    assert.equal(put.data.updatedCells, 3);
    const formatted = await client.spreadsheets.values.get({ spreadsheetId, range: "'이순신''s'!B2:D2" });
    assert.deepEqual(formatted.data.values, [['101234', '#N/A', '2026-03-02']]);
    await client.spreadsheets.values.clear({ spreadsheetId, range: "'이순신''s'!A1:Z99" });
    const empty = await client.spreadsheets.values.get({ spreadsheetId, range: "'이순신''s'!A1:Z99" });
    assert.equal(empty.data.values, undefined);
  });

  it('gets Google-shaped errors', async () => {
    const failing = async (params) =>
      client.spreadsheets.values.get(params).then(
        () => assert.fail('it was not refused'),
        (error) => error.response.data.error,
      );
    const range = await failing({ spreadsheetId, range: '없는 시트!A1' });
    assert.deepEqual(range, { code: 400, message: 'Unable to parse range: 없는 시트!A1', status: 'INVALID_ARGUMENT' });
    assert.equal((await failing({ spreadsheetId: 'missing-1', range: 'A1' })).status, 'NOT_FOUND');
    assert.equal((await failing({ spreadsheetId: 'private-1', range: 'A1' })).status, 'PERMISSION_DENIED');
  });

  it('is refused with an account nobody knows, and takes a refreshed user token', async () => {
    const stranger = sheets({ version: 'v4', auth: account({ email: 'other@example.com' }), rootUrl: `${sandbox.url}/` });
    await assert.rejects(stranger.spreadsheets.get({ spreadsheetId }), /invalid_grant/);
    const user = new OAuth2Client({
      clientId: 'sandbox-client',
      clientSecret: 'sandbox-client-secret',
      redirectUri: 'http://127.0.0.1/oauth/done',
      endpoints: { oauth2TokenUrl: `${sandbox.url}/token`, oauth2AuthBaseUrl: `${sandbox.url}/o/oauth2/v2/auth` },
    });
    const { codeVerifier, codeChallenge } = await user.generateCodeVerifierAsync();
    const page = user.generateAuthUrl({
      access_type: 'offline',
      scope: 'https://www.googleapis.com/auth/spreadsheets',
      state: 'a state',
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    });
    const back = new URL((await fetch(page, { redirect: 'manual' })).headers.get('location'));
    assert.equal(back.searchParams.get('state'), 'a state');
    const { tokens } = await user.getToken({ code: back.searchParams.get('code'), codeVerifier });
    assert.ok(tokens.refresh_token);
    user.setCredentials({ refresh_token: tokens.refresh_token });
    const mine = sheets({ version: 'v4', auth: user, rootUrl: `${sandbox.url}/` });
    assert.equal((await mine.spreadsheets.get({ spreadsheetId })).data.spreadsheetId, spreadsheetId);
  });

  it('is slowed down after sixty reads in a minute', async () => {
    await sandbox.control('POST', 'faults', { vendor: 'google', kind: 'rate_limit' });
    const token = { Authorization: 'Bearer ya29.sandbox' };
    const statuses = [];
    for (let i = 0; i < 130; i++) statuses.push((await fetch(`${sandbox.url}/v4/spreadsheets/${spreadsheetId}`, { headers: token })).status);
    assert.equal(statuses.slice(0, 50).every((status) => status === 200), true);
    assert.ok(statuses.includes(429));
  });
});
