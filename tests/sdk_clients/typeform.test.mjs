// Typeform's own client against the sandbox: what it sends is taken, what it gets back is what it expects.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createClient } from '@typeform/api-client';
import { startSandbox } from '../support/hub.mjs';

describe('@typeform/api-client 2.8.0', () => {
  let sandbox, typeform;
  before(async () => {
    sandbox = await startSandbox();
    typeform = createClient({ token: 'tfp_sandbox', apiBaseUrl: sandbox.url });
  });

  it('lists and reads forms', async () => {
    const list = await typeform.forms.list({ page: 1, pageSize: 10 });
    assert.equal(list.items[0].id, 'sandbox');
    const form = await typeform.forms.get({ uid: 'sandbox' });
    assert.equal(form.fields[1].ref, 'email');
    await assert.rejects(typeform.forms.get({ uid: 'missing' }), (error) => error.code === 'FORM_NOT_FOUND');
  });

  it('makes a webhook, which is off unless it is said to be on, and switches it', async () => {
    const made = await typeform.webhooks.create({ uid: 'sdk', tag: 'ieum', url: 'https://hub.example.com/hooks/typeform' });
    assert.equal(made.enabled, false);
    await typeform.webhooks.toggle({ uid: 'sdk', tag: 'ieum', enabled: true });
    const list = await typeform.webhooks.list({ uid: 'sdk' });
    assert.equal(list.items.length, 1);
    assert.equal(list.items[0].enabled, true);
    assert.equal(list.items[0].url, 'https://hub.example.com/hooks/typeform');
    await typeform.webhooks.delete({ uid: 'sdk', tag: 'ieum' });
    assert.equal((await typeform.webhooks.list({ uid: 'sdk' })).items.length, 0);
  });

  it('reads responses by page and time, and erases them', async () => {
    for (const token of ['t1', 't2', 't3'])
      await sandbox.control('POST', 'send', {
        vendor: 'typeform', topic: 'form_response', body: { form_id: 'poll', token, hidden: { user_id: token } },
      });
    const all = await typeform.responses.list({ uid: 'poll', pageSize: 2 });
    assert.equal(all.total_items, 3);
    assert.equal(all.items.length, 2);
    assert.equal(all.items[0].answers[1].email, 'minji.kim@example.com');
    const none = await typeform.responses.list({ uid: 'poll', since: '2100-01-01T00:00:00Z' });
    assert.equal(none.total_items, 0);
    await typeform.responses.delete({ uid: 'poll', ids: 't1,t2' });
    assert.equal((await typeform.responses.list({ uid: 'poll' })).total_items, 1);
  });

  it('is refused with another token', async () => {
    const other = createClient({ token: 'tfp_other', apiBaseUrl: sandbox.url });
    await assert.rejects(other.forms.list(), (error) => error.code === 'AUTHENTICATION_FAILED');
  });
});
