// A hub whose every text is hostile: one run for each line of the corpus, with the line as its key, in a kept header, in the
// body as value and as name, in what the vendor answered and why it refused, in the customer, in titles and settings.
import { createServer } from 'node:http';
import { atTheEnd, startHub } from '../support/hub.mjs';
import { deliver } from './deliveries.mjs';
import { settled } from './shop.mjs';
import { corpus, prototypeNames } from './xss_corpus.mjs';

// HTTP allows no control characters in a header, and Node wants one letter a byte.
const inHeader = (text) => Buffer.from(text.replaceAll(/[\x00-\x1f\x7f]/g, ' ').trim(), 'utf8').toString('latin1');
const secret = 'intake-secret-of-the-test';

// Answers with the text that it was sent: taken, refused, or not at all, as the path says.
function startVendor() {
  const server = createServer((request, answer) => {
    const chunks = [];
    request.on('data', (bytes) => chunks.push(bytes));
    request.on('end', () => {
      if (request.url.startsWith('/api/')) {
        answer.writeHead(200, { 'content-type': 'application/json' });
        const { text: why } = JSON.parse(Buffer.concat(chunks).toString());
        return answer.end(JSON.stringify({ ok: false, error: why, response_metadata: { messages: [why] } }));
      }
      if (request.url.startsWith('/silent')) return request.socket.destroy();
      const { text = '' } = JSON.parse(Buffer.concat(chunks).toString() || '{}');
      const headers = { 'x-answer': inHeader(text), 'x-prototype': '__proto__', constructor: 'a header of this name' };
      if (request.url.startsWith('/refused')) {
        answer.writeHead(422, { ...headers, 'content-type': 'text/html' });
        return answer.end(`<html><body>${text}</body></html>`);
      }
      answer.writeHead(200, { ...headers, 'content-type': 'application/json' });
      answer.end(`{"said": ${JSON.stringify(text)}, "__proto__": {"polluted": ${JSON.stringify(text)}}, "constructor": "ok"}`);
    });
  });
  atTheEnd(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)));
}

const quoted = (text) => JSON.stringify(text);
const inComment = (text) => text.replaceAll(/[\x00-\x1f\u2028\u2029\x7f-\x9f\ufeff]/g, ' ');
const pick = (lane) => corpus[(lane * 47) % corpus.length].text;

// Named after what every object has, as far as the hub lets a name be; the last step waits, so that the run stays open.
const lanes = ['tostring', 'valueof', 'hasownproperty', 'isprototypeof', 'proto', 'then'];
const calls = {
  // A refusal whose own words become the error of the step.
  then: `use: slack.message.post
    connection: vendor-5
    with: {channel: "#c{{ trigger.at }}", text: "{{ trigger.key }}"}`,
};
const plainCall = (lane) => `use: http.request
    connection: vendor-${lane}
    reaches: system
    with:
      method: POST
      url: "/{{ url_encode(trigger.how) }}"
      json: {text: "{{ trigger.key }}", constructor: "{{ trigger.key }}"}
      safety: unsafe`;

const recipeOf = (name, lane) => `# ${inComment(pick(lane + 7))}
recipe: ${name}
title: ${quoted(pick(lane))}
trigger: {event: webhook/hostile, where: 'event.lane == ${lane}'}
about: {email: 'event.email', shopify: 'event.key'}
entry: {mode: always, key: 'event.key'}
steps:
  - id: valueof
    ${calls[name] ?? plainCall(lane)}
    retry: {for: 0s}
  - id: then
    set: {said: "{{ steps.valueof.output }}", tostring: "{{ trigger.key }}"}
  - id: tostring
    wait: 30d
`;

// Those of the names that the hub takes; the others it refuses by what they are.
async function accepted(names, make) {
  const taken = [];
  for (const name of names) {
    try {
      await make(name);
      taken.push(name);
    } catch (refusal) {
      if (refusal.status !== 422 && refusal.status !== 400) throw refusal;
    }
  }
  return taken;
}

// Runs are numbered in no order of the corpus; their keys are its lines.
export async function startHostileHub() {
  const hub = await startHub();
  const vendor = await startVendor();
  await hub.api('POST', 'connections', {
    name: 'hasownproperty',
    connector: 'webhook',
    config: { scheme: 'hmac', prefix: corpus[40].text, topic_path: '__proto__.topic' },
    secrets: { secret },
  });
  await hub.api('POST', 'connections', { name: 'intake', connector: 'webhook', config: { scheme: 'hmac' }, secrets: { secret } });
  // A connection each, because one makes ten calls a second at most.
  for (const [lane, name] of lanes.entries()) {
    const slack = { connector: 'slack', config: { base_url: vendor }, secrets: { bot_token: 'xoxb-hostile' } };
    const http = { connector: 'http', config: { base_url: vendor } };
    await hub.api('POST', 'connections', { name: `vendor-${lane}`, ...(name in calls ? slack : http) });
    await hub.api('POST', 'recipes', { source: recipeOf(name, lane), format: 'yaml', file: `${name}.yaml` });
  }
  const tell = (body, topic, id) => deliver(hub, 'intake', secret, body, { 'x-event-type': inHeader(topic), 'x-event-id': id });
  const hows = ['taken', 'taken', 'refused', 'silent'];
  const bodies = corpus.map(({ text }, at) => {
    const fields = { key: text, email: `n${at}@example.com`, at, lane: at % lanes.length, how: hows[at % hows.length], memo: [text], [text]: text };
    const own = prototypeNames.map((name) => `${quoted(name)}: {"polluted": ${quoted(text)}}`).join(', ');
    return `${JSON.stringify(fields).slice(0, -1)}, ${own}}`;
  });
  for (let at = 0; at < bodies.length; at += 32) {
    const answers = bodies.slice(at, at + 32).map((body, i) => tell(body, 'hostile', `${inHeader(corpus[at + i].text)} ${at + i}`));
    for (const { status, text } of await Promise.all(answers)) if (status !== 200) throw new Error(`${status} ${text}`);
  }
  // What is signed and cannot be read is kept aside, under the name that the sender gave it.
  for (let at = 0; at < corpus.length; at += 5) await tell(`{"unreadable": ${quoted(corpus[at].text)}`, corpus[at].text, `q${at}`);
  const names = [...corpus.filter((_, at) => at % 9 === 0).map((one) => one.text), ...prototypeNames];
  const people = await accepted(names, (name) => hub.api('POST', 'people', { name, role: 'viewer' }));
  const tokens = await accepted(names, (name) => hub.api('POST', 'tokens', { name, role: 'viewer', scopes: [] }));
  const views = await accepted(names, (name) => hub.api('POST', 'views', { name, query: `?q=${encodeURIComponent(name)}`, shared: true }));
  // When everything has gone out: a hold of each recipe, for a hostile reason.
  const hold = async () => {
    const reasons = lanes.map((_, lane) => pick(lane + 3));
    for (const [lane, name] of lanes.entries()) await hub.api('POST', 'holds', { kind: 'recipe', name, reason: reasons[lane] });
    return reasons;
  };
  return { hub, people, tokens, views, titles: lanes.map((_, lane) => pick(lane)), settled: () => settled(hub, corpus.length), hold };
}
