// Brevo's own client against the sandbox: contacts, lists, mails, texts, events, webhooks, and its typed refusals.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Brevo, BrevoClient } from '@getbrevo/brevo';
import { startSandbox } from '../support/hub.mjs';

describe('@getbrevo/brevo 6.0.3', () => {
  let sandbox, brevo;
  const client = (apiKey) => new BrevoClient({ apiKey, baseUrl: `${sandbox.url}/v3`, maxRetries: 0 });
  before(async () => {
    sandbox = await startSandbox();
    brevo = client('xkeysib-sandbox');
  });
  const refusedWith = (kind, code) => (problem) => problem instanceof kind && problem.body.code === code;

  it('knows its account', async () => {
    assert.equal((await brevo.account.getAccount()).companyName, '이음상점');
  });

  it('adds and changes a contact', async () => {
    const email = 'minji@example.com';
    const made = await brevo.contacts.createContact({ email, attributes: { FIRSTNAME: '민지' }, listIds: [3] });
    assert.equal(made.id, 1);
    const again = brevo.contacts.createContact({ email });
    await assert.rejects(again, refusedWith(Brevo.BadRequestError, 'duplicate_parameter'));
    await brevo.contacts.createContact({ email, updateEnabled: true, attributes: { LASTNAME: '김' }, listIds: [4] });
    const contact = await brevo.contacts.getContactInfo({ identifier: email });
    assert.deepEqual(contact.attributes, { FIRSTNAME: '민지', LASTNAME: '김' });
    assert.deepEqual(contact.listIds, [3, 4]);
    const missing = brevo.contacts.getContactInfo({ identifier: 'nobody@example.com' });
    await assert.rejects(missing, refusedWith(Brevo.NotFoundError, 'document_not_found'));
    const unknown = brevo.contacts.createContact({ email: 'a@example.com', attributes: { NOPE: 'x' } });
    await assert.rejects(unknown, refusedWith(Brevo.BadRequestError, 'invalid_parameter'));
  });

  it('changes a contact in place and lists what is there', async () => {
    const email = 'sora@example.com';
    const { id } = await brevo.contacts.createContact({ email, attributes: { FIRSTNAME: '소라' }, listIds: [3] });
    await brevo.contacts.updateContact({ identifier: email, attributes: { LASTNAME: '박' }, listIds: [4], unlinkListIds: [3] });
    const contact = await brevo.contacts.getContactInfo({ identifier: id });
    assert.deepEqual([contact.email, contact.listIds], [email, [4]]);
    assert.deepEqual(contact.attributes, { FIRSTNAME: '소라', LASTNAME: '박' });
    const missing = brevo.contacts.updateContact({ identifier: 'nobody@example.com', attributes: { FIRSTNAME: 'x' } });
    await assert.rejects(missing, refusedWith(Brevo.NotFoundError, 'document_not_found'));
    assert.ok((await brevo.contacts.getContacts({ limit: 50 })).contacts.some((one) => one.email === email));
  });

  it('puts contacts on lists and takes them off', async () => {
    const { lists } = await brevo.contacts.getLists();
    assert.deepEqual(lists.map((list) => list.id), [3, 4]);
    await brevo.contacts.createContact({ email: 'junho@example.com' });
    const body = { emails: ['junho@example.com', 'nobody@example.com'] };
    const added = await brevo.contacts.addContactToList({ listId: 3, body });
    assert.deepEqual(added.contacts, { success: ['junho@example.com'], failure: ['nobody@example.com'] });
    const removed = await brevo.contacts.removeContactFromList({ listId: 3, body: { emails: ['junho@example.com'] } });
    assert.deepEqual(removed.contacts.success, ['junho@example.com']);
    const twice = brevo.contacts.removeContactFromList({ listId: 3, body: { emails: ['junho@example.com'] } });
    await assert.rejects(twice, refusedWith(Brevo.BadRequestError, 'invalid_parameter'));
  });

  it('sends mails by text and by template', async () => {
    const to = [{ email: 'minji@example.com', name: '민지' }];
    const sent = await brevo.transactionalEmails.sendTransacEmail({
      sender: { email: 'shop@example.com', name: '이음' }, to, subject: '주문 확인', htmlContent: '<p>감사합니다</p>',
      headers: { idempotencyKey: 'k1' },
    });
    assert.match(sent.messageId, /^<.+@.+>$/);
    const { templates } = await brevo.transactionalEmails.getSmtpTemplates();
    await brevo.transactionalEmails.sendTransacEmail({ to, templateId: templates[0].id, params: { 이름: '민지' } });
    const { messages } = await sandbox.control('GET', 'messages?vendor=brevo');
    assert.deepEqual(messages.map((one) => [one.to, one.key]), [['minji@example.com', 'k1'], ['minji@example.com', '']]);
    const none = brevo.transactionalEmails.sendTransacEmail({ to, subject: 'x', textContent: 'y' });
    await assert.rejects(none, refusedWith(Brevo.BadRequestError, 'missing_parameter'));
  });

  it('sends texts, now and later', async () => {
    const text = { sender: 'IEUM', recipient: '821011110001', content: '주문이 접수되었습니다', type: 'transactional' };
    assert.ok((await brevo.transactionalSms.sendTransacSms(text)).messageId > 0);
    assert.ok((await brevo.transactionalSms.sendAsyncTransactionalSms(text)).messageId > 0);
    const bad = brevo.transactionalSms.sendTransacSms({ ...text, recipient: 'x' });
    await assert.rejects(bad, refusedWith(Brevo.BadRequestError, 'invalid_parameter'));
  });

  it('notes an event', async () => {
    const identifiers = { email_id: 'minji@example.com' };
    await brevo.event.createEvent({ event_name: 'order_paid', identifiers, event_properties: { amount: 62000 } });
    const bad = brevo.event.createEvent({ event_name: 'order paid', identifiers });
    await assert.rejects(bad, refusedWith(Brevo.BadRequestError, 'invalid_parameter'));
  });

  it('makes and removes a webhook', async () => {
    await assert.rejects(brevo.webhooks.getWebhooks({ type: 'marketing' }), (error) => error.statusCode === 404);
    const { id } = await brevo.webhooks.createWebhook({
      url: 'https://hub.example.com/hooks/brevo', type: 'marketing', events: ['unsubscribed', 'hardBounce'], batched: true,
      auth: { type: 'bearer', token: 'hook-token' },
    });
    const { webhooks } = await brevo.webhooks.getWebhooks({ type: 'marketing' });
    assert.deepEqual(webhooks.map((hook) => [hook.id, hook.url]), [[id, 'https://hub.example.com/hooks/brevo']]);
    await brevo.webhooks.deleteWebhook({ webhookId: id });
    await assert.rejects(brevo.webhooks.deleteWebhook({ webhookId: id }), refusedWith(Brevo.NotFoundError, 'document_not_found'));
  });

  it('is told apart by its key, and slowed down', async () => {
    await assert.rejects(
      client('xkeysib-other').account.getAccount(),
      (error) => error.statusCode === 401 && error.body.code === 'unauthorized',
    );
    await sandbox.control('POST', 'faults', { vendor: 'brevo', kind: 'rate_limit' });
    const calls = Array.from({ length: 40 }, () => brevo.contacts.getLists());
    const limited = (await Promise.allSettled(calls)).filter((one) => one.status === 'rejected').map((one) => one.reason);
    assert.ok(limited.length > 0 && limited.length < 40);
    for (const problem of limited) assert.equal(problem.statusCode, 429);
  });
});
