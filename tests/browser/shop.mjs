// A hub of a small shop that has been at work: orders in every state that a run can be in, and something in each list.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHub, startSandbox, until } from '../support/hub.mjs';
import { deliver, deliverOrder, orderOf } from './deliveries.mjs';

const recipes = fileURLToPath(new URL('../../recipes/', import.meta.url));
export const shopSecret = 'sandbox-webhook-secret';
const intakeSecret = 'sandbox-intake-secret';

// The shop's journeys of recipes/, and two whose steps fail and are in doubt.
const ownRecipes = [
  `recipe: order-to-erp
title: 주문을 ERP로 보내기
trigger: {event: order_created}
entry: {mode: once, key: 'event.order_id'}
steps:
  - id: forward
    use: http.request
    connection: erp
    reaches: system
    with:
      method: POST
      url: /sink/orders
      json: {order: "{{ trigger.order_name }}", total: "{{ trigger.total }}"}
      safety: unsafe
    retry: {for: 0s}
  - id: receipt
    wait: 3d
  - id: thank
    use: slack.message.post
    connection: team
    with: {channel: "#orders", text: "{{ trigger.order_name }} 배송을 확인해 주세요"}
`,
  `recipe: paid-to-team
title: 결제된 주문을 팀에 알리기
trigger: {event: order_paid}
about: {email: 'event.email', phone: 'event.phone'}
entry: {mode: once, key: 'event.order_id'}
steps:
  - id: large
    if: 'dec(trigger.total) >= 50000'
    then:
      - id: post
        use: slack.message.post
        connection: team
        with: {channel: "#paid", text: "{{ trigger.order_name }} 결제 완료"}
        retry: {for: 0s}
    else:
      - {id: small, stop: "작은 주문입니다"}
`,
];

export async function startShop() {
  const sandbox = await startSandbox();
  const hub = await startHub();
  const connect = (name, connector, config, secrets) => hub.api('POST', 'connections', { name, connector, config, secrets });
  await connect('shop', 'shopify', { shop: 'eum-shop.myshopify.com', base_url: sandbox.url }, {
    client_secret: shopSecret,
    access_token: 'shpat_sandbox',
  });
  await connect('team', 'slack', { base_url: sandbox.url }, { bot_token: 'xoxb-sandbox', signing_secret: 'sandbox-signing-secret' });
  await connect('erp', 'http', { base_url: sandbox.url }, {});
  await connect('intake', 'webhook', { scheme: 'hmac' }, { secret: intakeSecret });
  await connect('kakao', 'kakao', { base_url: sandbox.url, dealer: 'solapi', api_key: 'sandbox-key', pf_id: 'KA01PF000000000000000000000demo' }, {
    api_secret: 'sandbox-secret',
  });
  const rescue = (await readFile(join(recipes, 'cart-rescue.yaml'), 'utf8')).replaceAll('connection: slack', 'connection: team');
  for (const source of [...ownRecipes, rescue]) await hub.api('POST', 'recipes', { source, format: 'yaml', file: 'shop.yaml' });

  const fault = (body) => sandbox.control('POST', 'faults', body);
  const told = async (number, changes, topic) => {
    const { status, text } = await deliverOrder(hub, 'shop', shopSecret, orderOf(number, changes), topic);
    if (status !== 200) throw new Error(`order ${number}: ${status} ${text}`);
  };
  // Orders 1001 to 1004 wait for their thanks; of 1005 nobody knows whether the ERP took it; 1006 it refused.
  for (const number of [1001, 1002, 1003, 1004]) await told(number);
  await settled(hub, 4);
  await fault({ vendor: 'http', kind: 'drop_after', times: 1 });
  await told(1005);
  await settled(hub, 5);
  await fault({ vendor: 'http', kind: 'status', status: 422, body: '{"error":"창고에 없는 상품입니다"}', times: 1 });
  await told(1006);
  await settled(hub, 6);
  await told(1001, {}, 'orders/paid');
  await told(1002, { total_price: '9000' }, 'orders/paid');
  await fault({ vendor: 'slack', kind: 'status', status: 200, body: '{"ok":false,"error":"channel_not_found"}', times: 2 });
  await told(1003, {}, 'orders/paid');
  await told(1004, {}, 'orders/paid');
  await settled(hub, 10);
  await deliver(hub, 'intake', intakeSecret, '{"cut off": ', { 'x-event-type': 'note' });
  await deliver(hub, 'intake', 'a wrong secret', '{"a": 1}');
  await hub.api('POST', 'people', { name: '준호', role: 'operator' });
  await hub.api('POST', 'people', { name: 'Sora Park', role: 'viewer' });
  await hub.api('POST', 'tokens', { name: 'monitor', role: 'viewer', scopes: ['settings:read'] });
  await hub.api('POST', 'views', { name: '오늘 실패한 주문', query: '?state=failed', shared: true });
  return { hub, sandbox, told, fault };
}

// So many runs have begun, and none of them is under way.
export const settled = (hub, runs) =>
  until(
    async () => (await hub.api('GET', 'status')).totals,
    (totals) => totals.runs >= runs && totals.runs_acting === 0 && totals.events_accepted === 0,
  );
