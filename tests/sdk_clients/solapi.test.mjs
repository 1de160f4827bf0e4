// Solapi's own client for Node against the sandbox: it signs each call, and reads every answer by its own schemas. It has no
// setting for the address, so its calls are turned to the sandbox below it, in `fetch`.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SolapiMessageService } from 'solapi';
import { startSandbox } from '../support/hub.mjs';

const receiver = { to: '01011110002', from: '0212345678' };
const order = { pfId: 'KA01PF0000SANDBOX', templateId: 'ORDER_OK' };
const variables = { '#{고객명}': '준호', '#{주문번호}': '1042' };

describe('solapi 6.0.1', () => {
  const direct = globalThis.fetch;
  let sandbox, client;
  before(async () => {
    sandbox = await startSandbox();
    globalThis.fetch = (url, options) => direct(String(url).replace('https://api.solapi.com', sandbox.url), options);
    client = new SolapiMessageService('sandbox-key', 'sandbox-secret');
  });
  after(() => {
    globalThis.fetch = direct;
  });
  const messages = async () => (await sandbox.control('GET', 'messages?vendor=solapi')).messages;

  it('sends an alimtalk whose text is the filled template', async () => {
    const sent = await client.send(
      { ...receiver, kakaoOptions: { ...order, variables, disableSms: true }, customFields: { hubStep: 'k1' } },
      { showMessageList: true },
    );
    assert.equal(sent.failedMessageList.length, 0);
    assert.equal(sent.groupInfo.count.registeredSuccess, 1);
    const [message] = (await messages()).filter((one) => one.key === 'k1');
    assert.match(message.text, /^준호님, 주문이 완료되었습니다\.\n\n■ 주문번호: 1042\n/);
  });

  it('tells what was refused inside of an answer of 200', async () => {
    const refused = client.send({ ...receiver, kakaoOptions: { pfId: order.pfId, templateId: 'NO_SUCH' } });
    await assert.rejects(refused, (error) => error.failedMessageList[0].statusCode === '1042');
  });

  it('sends texts and brand messages', async () => {
    await client.send({ ...receiver, text: '안녕하세요', customFields: { hubStep: 'k2' } });
    await client.send({ ...receiver, text: '가'.repeat(60), subject: '제목', customFields: { hubStep: 'k3' } });
    const kinds = Object.fromEntries((await messages()).map((one) => [one.key, one.channel]));
    assert.equal(kinds.k2, 'sms');
    assert.equal(kinds.k3, 'lms');
    const buttons = [{ name: '보기', linkType: 'WL', linkMobile: 'https://shop.example.kr' }];
    const bms = { targeting: 'I', chatBubbleType: 'TEXT', buttons };
    const brand = await client.send({ ...receiver, type: 'BMS_FREE', text: '봄', kakaoOptions: { pfId: order.pfId, bms } });
    assert.equal(brand.groupInfo.count.registeredSuccess, 1);
  });

  it('lists messages by the date of their update, templates and the balance', async () => {
    const found = await client.getMessages({ dateType: 'UPDATED', startDate: new Date(Date.now() - 3_600_000), limit: 100 });
    const mine = Object.values(found.messageList).find((one) => one.customFields?.hubStep === 'k1');
    assert.equal(mine.statusCode, '4000');
    const templates = await client.getKakaoAlimtalkTemplates();
    const approved = templates.templateList.find((one) => one.templateId === 'ORDER_OK');
    assert.equal(approved.status, 'APPROVED');
    assert.equal(approved.buttons[0].buttonType, 'WL');
    assert.equal((await client.getBalance()).balance, 100_000);
  });

  it('schedules a message and takes it back', async () => {
    const sent = await client.send({ ...receiver, text: '나중에' }, { scheduledDate: new Date(Date.now() + 3_600_000) });
    assert.equal(sent.groupInfo.count.sentPending, 1);
    await client.removeReservationToGroup(sent.groupInfo.groupId);
    assert.ok(!(await messages()).some((one) => one.text === '나중에'));
  });

  it('is told apart by its signature', async () => {
    const wrong = new SolapiMessageService('sandbox-key', 'another-secret');
    await assert.rejects(wrong.getBalance(), (error) => error.errorCode === 'SignatureDoesNotMatch');
    const nobody = new SolapiMessageService('another-key', 'sandbox-secret');
    await assert.rejects(nobody.getBalance(), (error) => error.errorCode === 'InvalidAPIKey');
  });
});
