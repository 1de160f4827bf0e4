// Slack's own Web API client against the sandbox: messages in all their forms, look-ups, pages, files, refusals, limits.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { startSandbox } from '../support/hub.mjs';

describe('@slack/web-api 8.2.0', () => {
  let sandbox, slack, channel;
  const client = (token) =>
    new WebClient(token, {
      slackApiUrl: `${sandbox.url}/api/`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logLevel: LogLevel.ERROR,
    });
  before(async () => {
    sandbox = await startSandbox();
    slack = client('xoxb-sandbox');
    const { channels } = await slack.conversations.list();
    channel = channels.find((one) => one.name === 'cs').id;
  });
  const refusedWith = (error) => (problem) => problem.code === ErrorCode.PlatformError && problem.data.error === error;

  it('knows its workspace', async () => {
    const self = await slack.auth.test();
    assert.equal(self.ok, true);
    assert.match(self.team_id, /^T/);
  });

  it('posts blocks with metadata, changes and deletes them', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*환불 요청*' } }];
    const metadata = { event_type: 'ieum_step', event_payload: { hub_step: 'k1' } };
    const posted = await slack.chat.postMessage({ channel: '#cs', text: '환불 요청', blocks, metadata });
    assert.equal(posted.channel, channel);
    assert.deepEqual(posted.message.blocks, blocks);
    const changed = await slack.chat.update({ channel, ts: posted.ts, text: '처리됨' });
    assert.equal(changed.ts, posted.ts);
    const { messages } = await slack.conversations.history({ channel, include_all_metadata: true });
    const kept = messages.find((one) => one.ts === posted.ts);
    assert.equal(kept.text, '처리됨');
    assert.deepEqual(kept.metadata, metadata);
    await slack.chat.delete({ channel, ts: posted.ts });
    await assert.rejects(slack.chat.update({ channel, ts: posted.ts, text: 'x' }), refusedWith('message_not_found'));
  });

  it('answers in threads', async () => {
    const { ts } = await slack.chat.postMessage({ channel, text: '질문' });
    await slack.chat.postMessage({ channel, text: '답', thread_ts: ts });
    const { messages } = await slack.conversations.replies({ channel, ts });
    assert.deepEqual(messages.map((one) => one.text), ['질문', '답']);
  });

  it('finds a person by their address and writes to them alone', async () => {
    const { user } = await slack.users.lookupByEmail({ email: 'minji.kim@example.com' });
    assert.match(user.id, /^U/);
    const shown = await slack.chat.postEphemeral({ channel, user: user.id, text: '당신에게만' });
    assert.match(shown.message_ts, /^\d+\.\d+$/);
    const { channel: direct } = await slack.conversations.open({ users: user.id });
    assert.equal((await slack.chat.postMessage({ channel: user.id, text: '안녕하세요' })).channel, direct.id);
    await assert.rejects(slack.users.lookupByEmail({ email: 'nobody@example.com' }), refusedWith('users_not_found'));
  });

  it('schedules a message', async () => {
    const post_at = Math.floor(Date.now() / 1000) + 3600;
    const made = await slack.chat.scheduleMessage({ channel, text: '나중에', post_at });
    const list = await slack.chat.scheduledMessages.list({ channel });
    assert.equal(list.scheduled_messages[0].id, made.scheduled_message_id);
    assert.equal(list.scheduled_messages[0].post_at, post_at);
    await assert.rejects(slack.chat.scheduleMessage({ channel, text: 'x', post_at: 1 }), refusedWith('time_in_past'));
  });

  it('reads channels and messages page by page', async () => {
    const names = [];
    let pages = 0;
    for await (const page of slack.paginate('conversations.list', { limit: 2, exclude_archived: true })) {
      pages += 1;
      names.push(...page.channels.map((one) => one.name));
    }
    assert.ok(pages > 2);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('orders') && !names.includes('archived'));
    const { channel: orders } = await slack.chat.postMessage({ channel: '#orders', text: '주문 1' });
    for (const number of [2, 3, 4, 5]) await slack.chat.postMessage({ channel: orders, text: `주문 ${number}` });
    const texts = [];
    for await (const page of slack.paginate('conversations.history', { channel: orders, limit: 2 }))
      texts.push(...page.messages.map((one) => one.text));
    assert.deepEqual(texts, ['주문 5', '주문 4', '주문 3', '주문 2', '주문 1']);
  });

  it('uploads text and bytes in three steps', async () => {
    const text = await slack.filesUploadV2({
      channel_id: channel, content: '이름,금액\n홍길동,62000\n', filename: 'orders.csv', title: '주문', initial_comment: '보고서',
    });
    const { id } = text.files[0].files[0];
    const { file } = await slack.files.info({ file: id });
    assert.deepEqual(file.channels, [channel]);
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
    const binary = await slack.filesUploadV2({ channel_id: channel, file: bytes, filename: 'a.bin' });
    assert.equal(binary.files[0].files[0].title, 'a.bin');
    const alone = await slack.filesUploadV2({ content: '초안', filename: 'draft.txt' });
    assert.deepEqual((await slack.files.info({ file: alone.files[0].files[0].id })).file.channels, []);
    const { messages } = await sandbox.control('GET', 'messages?vendor=slack');
    assert.ok(messages.some((one) => one.text.startsWith('보고서\n') && one.text.endsWith('orders.csv')));
    assert.ok(!messages.some((one) => one.text.includes('draft.txt')));
  });

  it('reacts once', async () => {
    const { ts: timestamp } = await slack.chat.postMessage({ channel, text: '확인 부탁' });
    assert.equal((await slack.reactions.add({ channel, timestamp, name: 'white_check_mark' })).ok, true);
    const again = slack.reactions.add({ channel, timestamp, name: 'white_check_mark' });
    await assert.rejects(again, refusedWith('already_reacted'));
    const nowhere = slack.reactions.add({ channel, timestamp: '1700000000.000100', name: 'eyes' });
    await assert.rejects(nowhere, refusedWith('message_not_found'));
  });

  it('is told which scope its token lacks', async () => {
    const scopes = ['channels:read', 'users:read'];
    const { token } = await sandbox.control('POST', 'tokens', { vendor: 'slack', scopes });
    assert.equal((await client(token).auth.test()).ok, true);
    await assert.rejects(client(token).chat.postMessage({ channel, text: 'x' }), (problem) => {
      const { error, needed, provided } = problem.data;
      assert.deepEqual([error, needed, provided], ['missing_scope', 'chat:write', 'channels:read,users:read']);
      return true;
    });
  });

  it('is refused in an answer of 200', async () => {
    await assert.rejects(slack.chat.postMessage({ channel: 'C0MISSING', text: 'x' }), refusedWith('channel_not_found'));
    await assert.rejects(slack.chat.postMessage({ channel: 'C0ARCHIVED', text: 'x' }), refusedWith('is_archived'));
    await assert.rejects(slack.chat.postMessage({ channel, text: '' }), refusedWith('no_text'));
    await assert.rejects(client('xoxb-other').auth.test(), refusedWith('invalid_auth'));
    await assert.rejects(client(undefined).auth.test(), refusedWith('not_authed'));
    await assert.rejects(slack.apiCall('no.such'), refusedWith('unknown_method'));
  });

  it('is told how long to wait', async () => {
    await sandbox.control('POST', 'faults', { vendor: 'slack', kind: 'rate_limit' });
    const posts = [1, 2, 3, 4].map((number) => slack.chat.postMessage({ channel, text: `빠르게 ${number}` }));
    const outcomes = await Promise.allSettled(posts);
    const limited = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason);
    assert.ok(limited.length >= 2);
    for (const problem of limited) {
      assert.equal(problem.code, ErrorCode.RateLimitedError);
      assert.equal(problem.retryAfter, 1);
    }
  });
});
