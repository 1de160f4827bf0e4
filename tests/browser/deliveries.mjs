// Deliveries as their senders sign them, after what the connectors' manifests ask.
import { createHmac } from 'node:crypto';

const hmac = (secret, body, encoding) => createHmac('sha256', secret).update(body).digest(encoding);

// Connector `webhook` with scheme hmac: X-Signature, SHA-256, hex. Gives status and text of the answer.
export async function deliver(hub, connection, secret, body, headers = {}) {
  const answer = await fetch(hub.hook(connection), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': hmac(secret, body, 'hex'), ...headers },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

// Connector `shopify`: X-Shopify-Hmac-Sha256, base64; the topic and an id of this delivery are headers.
export async function deliverOrder(hub, connection, secret, order, topic = 'orders/create') {
  const body = JSON.stringify(order);
  const answer = await fetch(hub.hook(connection), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': hmac(secret, body, 'base64'),
      'x-shopify-shop-domain': 'eum-shop.myshopify.com',
      'x-shopify-api-version': '2026-04',
      'x-shopify-webhook-id': `wh-${topic}-${order.id}`,
      'x-shopify-event-id': `ev-${topic}-${order.id}`,
      'x-shopify-triggered-at': new Date().toISOString(),
    },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

const buyers = [
  ['민지', '김', 'minji.kim@example.com'],
  ['준호', '이', 'junho.lee@example.com'],
  ['소라', '박', 'sora.park@example.com'],
  ['하나', '최', 'hana.choi@example.com'],
];

// An order as Shopify tells it, as far as recipes ask, of one of four buyers; `changes` stand instead.
export function orderOf(number, changes = {}) {
  const [first_name, last_name, email] = buyers[number % buyers.length];
  const phone = `+82101111000${1 + (number % buyers.length)}`;
  return {
    id: 5_987_654_320_000 + number,
    name: `#${number}`,
    order_number: number,
    email,
    phone,
    currency: 'KRW',
    total_price: '62000',
    created_at: new Date().toISOString(),
    token: `token-${number}`,
    checkout_token: `chk-${number}`,
    customer: { id: 7001 + (number % buyers.length), email, phone, first_name, last_name },
    line_items: [{ id: 1, title: '린넨 셔츠', quantity: 1, price: '62000' }],
    ...changes,
  };
}
