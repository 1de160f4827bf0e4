#include "sandbox/page_parts.hpp"

namespace ieum::sandbox {

std::string_view page_body() {
  return R"html(<header>
<h1 id="title">이음 샌드박스</h1>
<span id="note"></span>
<div id="tools"><span id="live" role="status"></span><button id="clear" type="button"></button><button id="theme" type="button"></button><button id="language" type="button"></button></div>
</header>
<main>
<section aria-labelledby="received"><h2 id="received"></h2><nav id="channels"></nav><div id="messages" aria-live="polite"></div></section>
<aside><section aria-labelledby="asked"><h2 id="asked"></h2><ol id="calls"></ol></section><section aria-labelledby="told"><h2 id="told"></h2><ol id="hooks"></ol></section></aside>
</main>
)html";
}

std::string_view page_script() {
  return R"js(
'use strict';
const words = {
  ko: { title: '이음 샌드박스', note: '받는 사람이 보게 될 모습입니다. 실제로 나가는 것은 없습니다.', received: '도착한 메시지', asked: '벤더가 받은 호출', told: '벤더가 허브에 보낸 웹훅',
    all: '전체', kakao_alimtalk: '알림톡', kakao_brand_message: '브랜드 메시지', slack: '슬랙', sms: '문자', lms: '장문 문자', http: 'HTTP', email: '메일', push: '앱 푸시', sheet: '시트',
    alimtalk: '알림톡 도착', ad: '(광고)', sms_title: '[Web발신]', empty: '아직 도착한 메시지가 없습니다. 허브가 무언가를 보내면 여기에 나타납니다.', no_calls: '아직 호출이 없습니다.', no_told: '아직 보낸 웹훅이 없습니다.',
    clear: '비우기', clear_title: '메시지와 호출 기록을 지웁니다', other: 'English', live: '실시간', off: '연결이 끊겼습니다', dark: '어둡게', light: '밝게',
    applied: '처리', refused: '거절', repeated: '중복', read: '조회', no_answer: '응답 없음', lost: '도착 실패', fault: '장애', twice: '같은 단계가 두 번 보냈습니다', template: '템플릿', virtual: '가상 시각',
    waiting: '대기', in_flight: '보내는 중', delivered: '전달', given_up: '포기', tries: '번 시도', next: '다음', hook_lost: '구독이 끊겼습니다', request: '요청', answer: '응답', subject: '제목', from: '보낸 사람',
    clicked: '허브에 알렸습니다', clicking: '알리는 중', no_hook: '허브 주소를 모릅니다. POST /_sandbox/hooks 로 슬랙의 요청 주소를 알려 주세요.', failed_click: '알리지 못했습니다' },
  en: { title: 'Ieum sandbox', note: 'What the receivers would see. Nothing leaves this machine.', received: 'Messages that arrived', asked: 'Calls the vendors got', told: 'Webhooks the vendors sent to the hub',
    all: 'All', kakao_alimtalk: 'Alimtalk', kakao_brand_message: 'Brand message', slack: 'Slack', sms: 'SMS', lms: 'LMS', http: 'HTTP', email: 'Mail', push: 'App push', sheet: 'Sheet',
    alimtalk: '알림톡 도착', ad: '(광고)', sms_title: '[Web발신]', empty: 'No message has arrived yet. What the hub sends appears here.', no_calls: 'No calls yet.', no_told: 'No webhooks yet.',
    clear: 'Clear', clear_title: 'Forgets messages and calls', other: '한국어', live: 'live', off: 'connection lost', dark: 'Dark', light: 'Light',
    applied: 'applied', refused: 'refused', repeated: 'repeated', read: 'read', no_answer: 'no answer', lost: 'not delivered', fault: 'fault', twice: 'one step sent this twice', template: 'template', virtual: 'virtual time',
    waiting: 'waiting', in_flight: 'sending', delivered: 'delivered', given_up: 'given up', tries: 'tries', next: 'next', hook_lost: 'the hook was dropped', request: 'Request', answer: 'Answer', subject: 'Subject', from: 'From',
    clicked: 'told the hub', clicking: 'telling', no_hook: 'No address of the hub is known. Tell Slack\'s request URL with POST /_sandbox/hooks.', failed_click: 'could not be told' }
};
const byId = id => document.getElementById(id);
const kept = { get: key => { try { return localStorage.getItem('ieum-sandbox-' + key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem('ieum-sandbox-' + key, value); } catch { /* storage may be closed */ } } };
let language = kept.get('language') || ((navigator.language || 'ko').startsWith('ko') ? 'ko' : 'en');
let theme = kept.get('theme') || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
let messages = [], calls = [], told = [], repeated = new Set(), clock = null, shown = 'all', online = true, seen = null, drawn = '';
const opened = new Set(), clicks = new Map(), cards = new Map();

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return node;
}
function say(key) { return words[language][key] ?? key; }
function time(ms) {
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', { timeZone: 'Asia/Seoul', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(new Date(ms));
}
function phone(text) {
  const parts = /^(01\d)(\d{3,4})(\d{4})$/.exec(text);
  return parts ? parts.slice(1).join('-') : text;
}
function link(url, text) {
  const node = element('a', '', text);
  if (/^https?:\/\//.test(url)) { node.href = url; node.target = '_blank'; node.rel = 'noopener noreferrer'; node.title = url; }
  return node;
}
function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

// Slack's mrkdwn: <url|text>, mentions, *bold*, `code`, and its three escapes.
function mrkdwn(text) {
  const plain = value => value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const out = [];
  for (const part of String(text ?? '').split(/(<[^<>\n]+>|\*[^*\n]+\*|`[^`\n]+`)/)) {
    if (part.startsWith('<') && part.endsWith('>')) {
      const [target, label] = part.slice(1, -1).split('|');
      if (/^[@#!]/.test(target)) out.push(element('span', 'mention', plain(target.startsWith('!') ? '@' + target.slice(1) : target)));
      else out.push(link(target, plain(label || target)));
    } else if (part.length > 2 && part.startsWith('*') && part.endsWith('*')) out.push(element('b', '', plain(part.slice(1, -1))));
    else if (part.length > 2 && part.startsWith('`') && part.endsWith('`')) out.push(element('code', '', plain(part.slice(1, -1))));
    else out.push(plain(part));
  }
  return out;
}
function slackText(of) {
  if (!of) return [];
  return of.type === 'plain_text' ? [of.text] : mrkdwn(of.text);
}

// A click is told to the hub as Slack tells it; what came of it stands beside the button.
async function click(message, block, action, note) {
  const view = message.view || {};
  const key = message.seq + '/' + (action.action_id || '');
  clicks.set(key, 'clicking');
  note.textContent = say('clicking');
  const body = { container: { type: 'message', message_ts: view.ts || '', channel_id: view.channel || '', is_ephemeral: false },
    channel: { id: view.channel || '', name: message.to.replace(/^#/, '') },
    message: { type: 'message', ts: view.ts || '', text: message.text, blocks: view.blocks || [] },
    actions: [{ type: action.type, action_id: action.action_id, block_id: block.block_id, value: action.value, text: action.text, action_ts: String(Date.now() / 1000) }] };
  try {
    const answer = await fetch('/_sandbox/send', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ vendor: 'slack', topic: 'block_actions', body }) });
    clicks.set(key, answer.ok ? 'clicked' : answer.status === 409 ? 'no_hook' : 'failed_click');
  } catch { clicks.set(key, 'failed_click'); }
  note.textContent = say(clicks.get(key));
}
function slackElement(message, block, item, note) {
  if (item.type === 'button') {
    const text = slackText(item.text);
    if (item.url) { const node = link(item.url, ''); node.className = 'button'; node.append(...text); return node; }
    const node = element('button', 'button ' + (item.style || ''), ...text);
    node.type = 'button';
    node.onclick = () => click(message, block, item, note);
    return node;
  }
  if (item.type === 'image') return element('span', 'picture', '🖼 ' + (item.alt_text || ''));
  if (item.type === 'mrkdwn' || item.type === 'plain_text') return element('span', '', ...slackText(item));
  return element('span', 'picture', item.type);
}
function slackBlock(message, block) {
  const note = element('span', 'note');
  for (const item of [...(block.elements || []), block.accessory].filter(Boolean)) {
    const state = clicks.get(message.seq + '/' + (item.action_id || ''));
    if (state) note.textContent = say(state);
  }
  note.setAttribute('role', 'status');
  if (block.type === 'divider') return element('hr', '');
  if (block.type === 'header') return element('h3', '', ...slackText(block.text));
  if (block.type === 'actions') return element('div', 'actions', ...(block.elements || []).map(item => slackElement(message, block, item, note)), note);
  if (block.type === 'context') return element('div', 'context', ...(block.elements || []).map(item => slackElement(message, block, item, note)));
  if (block.type === 'image') return element('span', 'picture', '🖼 ' + (block.alt_text || ''));
  if (block.type === 'section') {
    const fields = block.fields ? element('div', 'fields', ...block.fields.map(field => element('p', '', ...slackText(field)))) : null;
    const text = block.text ? element('p', '', ...slackText(block.text)) : null;
    if (!block.accessory) return element('div', '', text, fields);
    return element('div', 'accessory', element('div', '', text, fields), element('div', '', slackElement(message, block, block.accessory, note), note));
  }
  return element('pre', '', JSON.stringify(block, null, 2));
}
function slack(message) {
  const blocks = message.view && Array.isArray(message.view.blocks) ? message.view.blocks : [];
  const body = blocks.length ? blocks.map(block => slackBlock(message, block)) : [element('p', '', ...mrkdwn(message.text))];
  return element('div', 'slack', element('div', 'face', 'ie'), element('div', 'said',
    element('div', '', element('span', 'who', message.from || 'ieum'), element('span', 'app', 'APP')), ...body));
}

function kakaoButton(button) {
  const node = link(button.url, button.name);
  if (button.type === 'AC') node.className = 'add';
  if (!node.href) node.title = button.type;
  return node;
}
function kakao(message) {
  const ad = message.channel === 'kakao_brand_message';
  const bubble = element('div', 'bubble',
    element('div', 'band', ad ? say('ad') + ' 허브상점' : say('alimtalk'), element('span', '', 'kakao')),
    element('p', '', message.text));
  if (message.buttons.length) bubble.append(element('div', 'buttons', ...message.buttons.map(kakaoButton)));
  return element('div', 'room', element('div', 'sender', element('div', 'face', '허브'), element('div', '', element('div', 'name', '허브상점'), bubble)));
}
function mail(message) {
  const view = message.view || {};
  const head = element('dl', '', element('dt', '', say('subject')), element('dd', '', view.subject || message.title), element('dt', '', say('from')), element('dd', '', view.from || message.from));
  if (!view.html) return element('div', 'mail', head, element('p', '', message.text));
  const frame = element('iframe', '');
  frame.setAttribute('sandbox', '');
  frame.title = view.subject || message.title;
  frame.srcdoc = '<!doctype html><meta charset="utf-8"><body style="font-family:sans-serif;word-break:keep-all">' + view.html;
  return element('div', 'mail', head, frame);
}
function sheet(message) {
  const view = message.view || {};
  const rows = Array.isArray(view.rows) ? view.rows : [];
  const wide = Math.max(1, ...rows.map(row => row.length));
  const letter = n => (n >= 26 ? letter(Math.floor(n / 26) - 1) : '') + String.fromCharCode(65 + n % 26);
  const head = element('tr', '', element('th', ''), ...Array.from({ length: wide }, (_, n) => element('th', '', letter(n))));
  const first = view.first_row || 1;
  const lines = rows.map((row, n) => element('tr', n === view.changed ? 'changed' : '', element('th', '', String(first + n)),
    ...Array.from({ length: wide }, (_, column) => element('td', '', row[column] === undefined || row[column] === null ? '' : String(row[column])))));
  return element('div', 'sheet', element('div', 'tab', view.title || message.to), element('div', 'grid', element('table', '', element('thead', '', head), element('tbody', '', ...lines))));
}
function http(message) {
  return element('div', 'http', element('code', '', message.title), message.text ? element('pre', '', pretty(message.text)) : null);
}
function letter(message) {
  return element('div', 'text', element('p', '', say('sms_title') + '\n' + (message.channel === 'lms' && message.title ? message.title + '\n' : '') + message.text));
}
function push(message) {
  return element('div', 'text', message.title ? element('strong', '', message.title) : null, element('p', '', message.text));
}
function card(message) {
  const draws = { slack, http, email: mail, push, sheet };
  const draw = message.channel.startsWith('kakao') ? kakao : draws[message.channel] ?? letter;
  const note = message.template ? say('template') + ' ' + message.template : '';
  const when = element('time', '', time(message.at_ms));
  const head = element('div', 'to', element('strong', '', phone(message.to)), element('span', '', say(message.channel)),
    note ? element('span', '', note) : null,
    message.key && repeated.has(message.key) ? element('span', 'twice', say('twice')) : null, when);
  if (message.key) head.title = message.key;
  return element('article', message.seq > (seen ?? 0) ? 'card new' : 'card', head, draw(message));
}
// A line that opens to what is behind it; it stays open while the list moves on.
function line(key, head, ...behind) {
  const node = element('details', '', element('summary', '', ...head), ...behind);
  node.open = opened.has(key);
  node.ontoggle = () => { if (node.open) opened.add(key); else opened.delete(key); };
  return element('li', '', node);
}
function part(name, text) { return text ? element('div', '', element('small', '', name), element('pre', '', text)) : null; }
function row(call) {
  const status = call.status || say('no_answer');
  const to = call.message ? phone(call.message.to) : '';
  const lost = call.message && call.effect === 'applied' && !['', '0', '4000', '1000'].includes(call.message.result) ? say('lost') + ' ' + call.message.result : '';
  const headers = Object.entries(call.request_headers || {}).map(([name, value]) => name + ': ' + value).join('\n');
  return line('call' + call.seq, [element('span', 'effect ' + call.effect, say(call.effect)),
    element('span', '', (call.vendor || '?') + ' ' + (call.operation || call.path)), element('span', 'status', String(status)),
    element('small', '', time(call.at_ms), to && ' · ' + to, lost ? element('span', 'fault', ' · ' + lost) : null,
      call.fault ? element('span', 'fault', ' · ' + say('fault') + ' ' + call.fault) : null)],
    part(say('request'), call.method + ' ' + call.path + '\n' + headers + (call.request_body ? '\n\n' + pretty(call.request_body) : '')), part(say('answer'), pretty(call.answer_body)));
}
function hookRow(delivery) {
  const last = delivery.attempts[delivery.attempts.length - 1];
  const effect = delivery.state === 'delivered' ? 'applied' : delivery.state === 'given_up' ? 'refused' : 'repeated';
  const tries = delivery.attempts.length > 1 ? delivery.attempts.length + (language === 'ko' ? '' : ' ') + say('tries') : '';
  return line('hook' + delivery.seq, [element('span', 'effect ' + effect, say(delivery.state)), element('span', '', delivery.vendor + ' ' + delivery.topic),
    element('span', 'status', last ? String(last.status || say('no_answer')) : ''),
    element('small', '', [tries, delivery.next_at ? say('next') + ' ' + time(Date.parse(delivery.next_at)) : ''].filter(Boolean).join(' · '),
      delivery.hook_lost ? element('span', 'fault', ' · ' + say('hook_lost')) : null)],
    part('POST', delivery.to), ...delivery.attempts.slice(-3).map(attempt => part(time(attempt.at_ms) + ' · ' + (attempt.status || say('no_answer')), pretty(attempt.answer))));
}

// Puts the nodes into place and leaves those alone that are there: a focus stays where it is.
function place(parent, nodes) {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (at === node) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at) { const next = at.nextSibling; at.remove(); at = next; }
}
function known(key, state, make) {
  const old = cards.get(key);
  if (old && old.state === state) return old.node;
  const node = make();
  cards.set(key, { state, node });
  return node;
}

function draw() {
  const state = JSON.stringify([language, theme, shown, messages.length && messages[messages.length - 1].seq, calls.length && calls[calls.length - 1].seq, messages.length, calls.length, told.map(one => [one.seq, one.state, one.attempts.length]), [...repeated]]);
  const live = byId('live');
  live.className = online ? '' : 'off';
  live.textContent = !online ? say('off') : clock && clock.virtual ? say('virtual') + ' ' + time(clock.now_ms) : say('live');
  if (state === drawn) return;
  drawn = state;
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = theme;
  document.title = say('title') + (messages.length ? ' (' + messages.length + ')' : '');
  for (const id of ['title', 'note', 'received', 'asked', 'told', 'clear']) byId(id).textContent = say(id);
  byId('clear').title = say('clear_title');
  byId('language').textContent = say('other');
  byId('theme').textContent = say(theme === 'dark' ? 'light' : 'dark');
  const kinds = ['all', ...new Set(messages.map(message => message.channel))];
  if (!kinds.includes(shown)) shown = 'all';
  place(byId('channels'), kinds.map(kind => {
    const count = kind === 'all' ? messages.length : messages.filter(message => message.channel === kind).length;
    const button = known('tab' + kind, language, () => {
      const made = element('button', '', say(kind), element('b', ''));
      made.type = 'button';
      made.onclick = () => { shown = kind; draw(); };
      return made;
    });
    button.lastChild.textContent = String(count);
    button.setAttribute('aria-pressed', String(kind === shown));
    return button;
  }));
  const list = messages.filter(message => shown === 'all' || message.channel === shown).reverse();
  place(byId('messages'), list.length ? list.map(message => known('message' + message.seq, language + repeated.has(message.key), () => card(message))) : [element('div', 'empty', say('empty'))]);
  const none = key => [element('li', 'none', element('small', '', say(key)))];
  place(byId('calls'), calls.length ? [...calls].reverse().map(call => known('call' + call.seq, language, () => row(call))) : none('no_calls'));
  place(byId('hooks'), told.length ? [...told].reverse().map(one => known('hook' + one.seq, language + one.state + one.attempts.length, () => hookRow(one))) : none('no_told'));
  if (messages.length) seen = messages[messages.length - 1].seq;
  if (cards.size > 2000) cards.clear();
}

async function get(path) {
  const answer = await fetch(path, { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
async function refresh() {
  try {
    const [now, arrived, asked, sent] = await Promise.all([get('/_sandbox/clock'), get('/_sandbox/messages?limit=100'), get('/_sandbox/calls?limit=30'), get('/_sandbox/deliveries?limit=20')]);
    clock = now;
    messages = arrived.messages;
    repeated = new Set(arrived.repeated_keys);
    calls = asked.calls;
    told = sent.deliveries;
    seen = seen ?? arrived.last;
    online = true;
  } catch { online = false; }
  draw();
  setTimeout(refresh, 1000);
}
byId('language').onclick = () => { language = language === 'ko' ? 'en' : 'ko'; kept.set('language', language); draw(); };
byId('theme').onclick = () => { theme = theme === 'dark' ? 'light' : 'dark'; kept.set('theme', theme); draw(); };
byId('clear').onclick = async () => { try { await fetch('/_sandbox/calls', { method: 'DELETE' }); messages = []; calls = []; draw(); } catch { online = false; draw(); } };
draw();
refresh();
)js";
}

}  // namespace ieum::sandbox
