#include "sandbox/page_parts.hpp"

namespace ieum::sandbox {

std::string_view page_body() {
  return R"html(<header>
<h1 id="title">이음 샌드박스</h1>
<span id="note"></span>
<div id="tools"><span id="live" role="status"></span><button id="clear" type="button"></button><button id="language" type="button"></button></div>
</header>
<main>
<section aria-labelledby="received"><h2 id="received"></h2><nav id="channels"></nav><div id="messages" aria-live="polite"></div></section>
<aside aria-labelledby="asked"><h2 id="asked"></h2><ol id="calls"></ol></aside>
</main>
)html";
}

std::string_view page_script() {
  return R"js(
'use strict';
const words = {
  ko: { title: '이음 샌드박스', note: '받는 사람이 보게 될 모습입니다. 실제로 나가는 것은 없습니다.', received: '도착한 메시지', asked: '벤더가 받은 호출',
    all: '전체', kakao_alimtalk: '알림톡', kakao_brand_message: '브랜드 메시지', slack: '슬랙', sms: '문자', lms: '장문 문자', http: 'HTTP',
    alimtalk: '알림톡 도착', ad: '(광고)', sms_title: '[Web발신]', empty: '아직 도착한 메시지가 없습니다. 허브가 무언가를 보내면 여기에 나타납니다.', no_calls: '아직 호출이 없습니다.',
    clear: '비우기', clear_title: '메시지와 호출 기록을 지웁니다', other: 'English', live: '실시간', off: '연결이 끊겼습니다',
    applied: '처리', refused: '거절', repeated: '중복', read: '조회', no_answer: '응답 없음', lost: '도착 실패', fault: '장애', twice: '같은 단계가 두 번 보냈습니다', template: '템플릿', virtual: '가상 시각' },
  en: { title: 'Ieum sandbox', note: 'What the receivers would see. Nothing leaves this machine.', received: 'Messages that arrived', asked: 'Calls the vendors got',
    all: 'All', kakao_alimtalk: 'Alimtalk', kakao_brand_message: 'Brand message', slack: 'Slack', sms: 'SMS', lms: 'LMS', http: 'HTTP',
    alimtalk: '알림톡 도착', ad: '(광고)', sms_title: '[Web발신]', empty: 'No message has arrived yet. What the hub sends appears here.', no_calls: 'No calls yet.',
    clear: 'Clear', clear_title: 'Forgets messages and calls', other: '한국어', live: 'live', off: 'connection lost',
    applied: 'applied', refused: 'refused', repeated: 'repeated', read: 'read', no_answer: 'no answer', lost: 'not delivered', fault: 'fault', twice: 'one step sent this twice', template: 'template', virtual: 'virtual time' }
};
const byId = id => document.getElementById(id);
let language = (navigator.language || 'ko').startsWith('ko') ? 'ko' : 'en';
try { language = localStorage.getItem('ieum-sandbox-language') || language; } catch { /* storage may be closed */ }
let messages = [], calls = [], repeated = new Set(), clock = null, shown = 'all', online = true, seen = null, drawn = '';

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

// Slack's mrkdwn: <url|text>, mentions, *bold*, `code`, and its three escapes.
function mrkdwn(text) {
  const plain = value => value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const out = [];
  for (const part of text.split(/(<[^<>\n]+>|\*[^*\n]+\*|`[^`\n]+`)/)) {
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

function kakao(message) {
  const ad = message.channel === 'kakao_brand_message';
  const bubble = element('div', 'bubble',
    element('div', 'band', ad ? say('ad') + ' 허브상점' : say('alimtalk'), element('span', '', 'kakao')),
    element('p', '', message.text));
  if (message.buttons.length) bubble.append(element('div', 'buttons', ...message.buttons.map(button => link(button.url, button.name))));
  return element('div', 'room', element('div', 'sender', element('div', 'face', '허브'), element('div', '', element('div', 'name', '허브상점'), bubble)));
}
function slack(message) {
  return element('div', 'slack', element('div', 'face', 'ie'), element('div', '',
    element('div', '', element('span', 'who', message.from || 'ieum'), element('span', 'app', 'APP')), element('p', '', ...mrkdwn(message.text))));
}
function http(message) {
  let body = message.text;
  try { body = JSON.stringify(JSON.parse(body), null, 2); } catch { /* shown as it came */ }
  return element('div', 'http', element('code', '', message.title), body ? element('pre', '', body) : null);
}
function letter(message) {
  return element('div', 'text', element('p', '', say('sms_title') + '\n' + message.text));
}
function card(message) {
  const draw = message.channel.startsWith('kakao') ? kakao : message.channel === 'slack' ? slack : message.channel === 'http' ? http : letter;
  const note = message.template ? say('template') + ' ' + message.template : '';
  const when = element('time', '', time(message.at_ms));
  const head = element('div', 'to', element('strong', '', phone(message.to)), element('span', '', say(message.channel)),
    note ? element('span', '', note) : null,
    message.key && repeated.has(message.key) ? element('span', 'twice', say('twice')) : null, when);
  if (message.key) head.title = message.key;
  return element('article', message.seq > (seen ?? 0) ? 'card new' : 'card', head, draw(message));
}
function row(call) {
  const status = call.status || say('no_answer');
  const to = call.message ? phone(call.message.to) : '';
  const lost = call.message && call.effect === 'applied' && !['', '4000', '1000'].includes(call.message.result) ? say('lost') + ' ' + call.message.result : '';
  const node = element('li', '', element('span', 'effect ' + call.effect, say(call.effect)),
    element('span', '', (call.vendor || '?') + ' ' + (call.operation || call.path)), element('span', 'status', String(status)),
    element('small', '', time(call.at_ms), to && ' · ' + to, lost ? element('span', 'fault', ' · ' + lost) : null,
      call.fault ? element('span', 'fault', ' · ' + say('fault') + ' ' + call.fault) : null));
  node.title = call.method + ' ' + call.path + (call.key ? '\n' + call.key : '');
  return node;
}

function draw() {
  const state = JSON.stringify([language, shown, messages.length && messages[messages.length - 1].seq, calls.length && calls[calls.length - 1].seq, messages.length, calls.length, [...repeated]]);
  const live = byId('live');
  live.className = online ? '' : 'off';
  live.textContent = !online ? say('off') : clock && clock.virtual ? say('virtual') + ' ' + time(clock.now_ms) : say('live');
  if (state === drawn) return;
  drawn = state;
  document.documentElement.lang = language;
  document.title = say('title') + (messages.length ? ' (' + messages.length + ')' : '');
  for (const id of ['title', 'note', 'received', 'asked', 'clear']) byId(id).textContent = say(id);
  byId('clear').title = say('clear_title');
  byId('language').textContent = say('other');
  const kinds = ['all', ...new Set(messages.map(message => message.channel))];
  if (!kinds.includes(shown)) shown = 'all';
  byId('channels').replaceChildren(...kinds.map(kind => {
    const count = kind === 'all' ? messages.length : messages.filter(message => message.channel === kind).length;
    const button = element('button', '', say(kind), element('b', '', String(count)));
    button.type = 'button';
    button.setAttribute('aria-pressed', String(kind === shown));
    button.onclick = () => { shown = kind; draw(); };
    return button;
  }));
  const list = messages.filter(message => shown === 'all' || message.channel === shown).reverse();
  byId('messages').replaceChildren(...(list.length ? list.map(card) : [element('div', 'empty', say('empty'))]));
  byId('calls').replaceChildren(...(calls.length ? [...calls].reverse().map(row) : [element('li', '', element('small', '', say('no_calls')))]));
  if (messages.length) seen = messages[messages.length - 1].seq;
}

async function get(path) {
  const answer = await fetch(path, { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
async function refresh() {
  try {
    const [now, arrived, asked] = await Promise.all([get('/_sandbox/clock'), get('/_sandbox/messages?limit=100'), get('/_sandbox/calls?limit=30')]);
    clock = now;
    messages = arrived.messages;
    repeated = new Set(arrived.repeated_keys);
    calls = asked.calls;
    seen = seen ?? arrived.last;
    online = true;
  } catch { online = false; }
  draw();
  setTimeout(refresh, 1000);
}
byId('language').onclick = () => {
  language = language === 'ko' ? 'en' : 'ko';
  try { localStorage.setItem('ieum-sandbox-language', language); } catch { /* storage may be closed */ }
  draw();
};
byId('clear').onclick = async () => { try { await fetch('/_sandbox/calls', { method: 'DELETE' }); messages = []; calls = []; draw(); } catch { online = false; draw(); } };
draw();
refresh();
)js";
}

}  // namespace ieum::sandbox
