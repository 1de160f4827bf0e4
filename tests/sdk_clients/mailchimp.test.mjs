// Mailchimp's own marketing client against the sandbox: what it sends is taken, what it gets back is what it expects.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { before, describe, it } from 'node:test';
import mailchimp from '@mailchimp/mailchimp_marketing';
import { startSandbox } from '../support/hub.mjs';

const client = createRequire(import.meta.url)('@mailchimp/mailchimp_marketing/src/ApiClient.js').instance;
const hash = (email) => createHash('md5').update(email.toLowerCase()).digest('hex');
const title = (wanted) => (error) => JSON.parse(error.response.text).title === wanted;

describe('@mailchimp/mailchimp_marketing 3.0.80', () => {
  const email = 'Minji@example.com';
  before(async () => {
    const sandbox = await startSandbox();
    mailchimp.setConfig({ apiKey: 'sandbox-key-us21', server: 'us21' });
    client.basePath = `${sandbox.url}/3.0`;
  });

  it('says that everything is chimpy', async () => {
    assert.equal((await mailchimp.ping.get()).health_status, "Everything's Chimpy!");
    const { lists } = await mailchimp.lists.getAllLists();
    assert.equal(lists[0].id, 'sandbox');
  });

  it('adds or changes members, who keep their status', async () => {
    const body = { email_address: email, status_if_new: 'subscribed', merge_fields: { FNAME: '민지' } };
    const made = await mailchimp.lists.setListMember('a1', hash(email), body, { skipMergeValidation: true });
    assert.equal(made.id, hash(email));
    assert.equal(made.status, 'subscribed');
    await mailchimp.lists.updateListMember('a1', hash(email), { status: 'unsubscribed' });
    const again = await mailchimp.lists.setListMember('a1', hash(email), body);
    assert.equal(again.status, 'unsubscribed');
    assert.equal(again.merge_fields.FNAME, '민지');
    await assert.rejects(
      mailchimp.lists.addListMember('a1', { email_address: email, status: 'subscribed' }), title('Member Exists'));
  });

  it('sets tags, notes events, lists who changed', async () => {
    await mailchimp.lists.updateListMemberTags('a1', hash(email), { tags: [{ name: 'vip', status: 'active' }] });
    await mailchimp.lists.createListMemberEvent('a1', hash(email), { name: 'purchased', properties: { sku: 'A-1' } });
    const member = await mailchimp.lists.getListMember('a1', hash(email));
    assert.equal(member.tags[0].name, 'vip');
    const { members } = await mailchimp.lists.getListMembersInfo('a1', {
      sinceLastChanged: '2020-01-01T00:00:00Z', sortField: 'last_changed', sortDir: 'ASC', count: 10,
    });
    assert.equal(members[0].email_address, email);
  });

  it('makes a webhook whose secret is shown once', async () => {
    const body = { url: 'https://hub.example.com/hooks/mailchimp', events: { subscribe: true }, sources: { user: true } };
    const made = await mailchimp.lists.createListWebhook('a1', body);
    assert.match(made.signing_secret, /^whsec_/);
    const { webhooks } = await mailchimp.lists.getListWebhooks('a1');
    assert.equal(webhooks[0].signing_secret, undefined);
    await assert.rejects(mailchimp.lists.createListWebhook('a1', body), title('Bad Request'));
    await mailchimp.lists.deleteListWebhook('a1', made.id);
  });

  it('makes, fills, checks and sends a campaign once', async () => {
    const campaign = await mailchimp.campaigns.create({
      type: 'regular', recipients: { list_id: 'a1' },
      settings: { subject_line: '(광고) 봄', from_name: '이음', reply_to: 'a@example.com' },
    });
    assert.equal((await mailchimp.campaigns.getSendChecklist(campaign.id)).is_ready, false);
    await mailchimp.campaigns.setContent(campaign.id, { html: '<p>봄</p>' });
    await mailchimp.campaigns.send(campaign.id);
    assert.equal((await mailchimp.campaigns.get(campaign.id)).status, 'sent');
    await assert.rejects(mailchimp.campaigns.send(campaign.id), title('Bad Request'));
  });
});
