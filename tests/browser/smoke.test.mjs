// One walk through the console as its first owner makes it, everything by mouse and keyboard: claim the hub, connect a shop and a
// team, put a recipe in force, watch an order come in, let the vendor fail, find the run by its order's number, repair it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startHub, startSandbox, until } from '../support/hub.mjs';
import { keepingTraces, startPerson } from './browser.mjs';
import { claim, ready } from './console.mjs';
import { deliverOrder, orderOf } from './deliveries.mjs';

const recipe = await readFile(fileURLToPath(new URL('../../recipes/order-to-slack.yaml', import.meta.url)), 'utf8');
const title = '새 주문을 슬랙에 알리기';
const secret = 'sandbox-webhook-secret';

describe('the first hour of an owner', () => {
  let hub, sandbox, person, page;
  const link = (name) => page.getByRole('link', { name, exact: true });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const row = (state) => page.getByRole('row').filter({ hasText: state }).filter({ hasText: title });
  const order = async (number) => {
    const { status, text } = await deliverOrder(hub, 'shopify', secret, orderOf(number));
    assert.equal(status, 200, text);
  };

  before(async () => {
    sandbox = await startSandbox();
    hub = await startHub();
    person = await startPerson();
  });

  it('claims the hub with the link that it prints', keepingTraces(async () => {
    page = await claim(person, hub, { name: '민지', password: 'a-long-password-of-the-owner' });
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await person.assertQuiet();
  }));

  // Fields by their titles; those behind the fold of what may be set besides, too.
  const connect = async (app, fields) => {
    await link('Connections').click();
    await link('Add a connection').first().click();
    await page.getByRole('link', { name: new RegExp(`^${app}`) }).click();
    await button('Store').waitFor();
    await page.locator('details:not([open]) > summary').evaluateAll((folds) => folds.forEach((fold) => fold.click()));
    for (const [name, value] of Object.entries(fields)) await page.getByLabel(name).first().fill(value);
    await button('Store').click();
    await page.getByRole('heading', { name: /is stored$/ }).waitFor();
    await person.assertQuiet();
  };

  it('adds connections to the shop and the team', keepingTraces(async () => {
    await connect('Shopify', { 'Shop': 'eum-shop.myshopify.com', 'Client secret': secret, 'Server address': sandbox.url });
    await connect('Slack', { 'Bot token': 'xoxb-sandbox', 'Server address': sandbox.url });
    const { connections } = await hub.api('GET', 'connections');
    assert.deepEqual(connections.map((one) => one.name).sort(), ['shopify', 'slack']);
  }));

  it('puts a recipe in force, switches it off and on', keepingTraces(async () => {
    await link('Recipes').click();
    await link('New recipe').first().click();
    await page.getByRole('textbox', { name: /recipe/i }).fill(recipe);
    await button('See what it changes').click();
    await button('Put it in force').click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.getByRole('button', { name: /^Switch off/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('button', { name: /^Switch on/ }).click();
    await page.getByRole('button', { name: /^Switch off/ }).waitFor();
    assert.equal((await hub.api('GET', 'recipes')).recipes[0].enabled, true);
    await person.assertQuiet();
  }));

  it('sees the run of a signed webhook appear without asking again', keepingTraces(async () => {
    await link('Runs').click();
    await ready(page);
    assert.equal(await row('Finished').count(), 0);
    await page.evaluate(() => (window.__same = true));
    await order(1041);
    await row('Finished').waitFor();
    assert.equal(await page.evaluate(() => window.__same), true, 'the page was read again');
    const { messages } = await sandbox.control('GET', 'messages');
    assert.match(JSON.stringify(messages), /#1041/);
    await person.assertQuiet();
  }));

  it('finds the run of an order that the vendor refused, and repairs it', keepingTraces(async () => {
    const refusal = { vendor: 'slack', kind: 'status', status: 200, body: '{"ok":false,"error":"is_archived"}', times: 1 };
    await sandbox.control('POST', 'faults', refusal);
    await order(1042);
    await row('Failed').waitFor();
    for (const number of [1043, 1044]) await order(number);
    await row('Finished').nth(2).waitFor();
    // What is told of a run is found a moment later: the index is written behind it.
    await until(() => hub.api('GET', 'overview'), (overview) => overview.backlog.index_behind === 0);
    await page.getByRole('combobox', { name: 'Search the runs' }).or(page.getByRole('searchbox', { name: 'Search the runs' })).first().fill('1042');
    await row('Finished').first().waitFor({ state: 'detached' });
    await row('Failed').waitFor();
    assert.equal(await row('Failed').count(), 1);
    await row('Failed').getByRole('link', { name: new RegExp(title) }).click();
    await page.getByText('is_archived').first().waitFor();
    // Somebody else was faster: what is decided on the run as it was is refused, and the run is looked at again.
    await button('Skip the step').click();
    const { runs } = await hub.api('GET', 'runs?state=failed');
    await sandbox.control('POST', 'faults', refusal);
    await hub.api('POST', `runs/${runs[0].id}/retry`);
    await until(() => hub.api('GET', `runs/${runs[0].id}`), (run) => run.state === 'failed' && run.rev > runs[0].rev);
    await page.getByRole('dialog').getByRole('button', { name: 'Skip the step' }).click();
    await page.getByRole('dialog').getByText('It has moved since you looked at it').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
    await button('Send it again').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send it again' }).click();
    await page.getByRole('main').getByText('Finished', { exact: true }).first().waitFor();
    const { messages } = await sandbox.control('GET', 'messages');
    assert.match(JSON.stringify(messages), /#1042/);
    await person.assertQuiet(['status of 409']);
  }));

  it('logs out, and the console shows nothing any more', keepingTraces(async () => {
    await page.getByRole('button', { name: /민지|This machine's owner/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).or(page.getByRole('heading', { name: 'Log in' })).first().waitFor();
    assert.equal(await page.evaluate(async () => (await fetch('/api/v1/runs')).status), 401);
  }));
});
