// A mail's HTML as a tree of known, harmless elements: what a reader sees without running, loading or styling anything that
// came from outside. Everything unknown is left out, its text stays. Pure.
export type MailNode = string | MailElement;
export interface MailElement {
  tag: Tag;
  link?: string; // where a link leads: shown, never followed by itself
  children: MailNode[];
}

const tags = [
  ...["p", "div", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td"],
  ...["b", "i", "u", "s", "code", "a", "br", "hr", "img"],
] as const;
type Tag =
  | "p"
  | "div"
  | "h1"
  | "h2"
  | "h3"
  | "ul"
  | "ol"
  | "li"
  | "blockquote"
  | "pre"
  | "table"
  | "tr"
  | "td"
  | Inline;
type Inline = "b" | "i" | "u" | "s" | "code" | "a" | "br" | "hr" | "img";

const meant: Record<string, Tag> = {
  strong: "b",
  em: "i",
  th: "td",
  h4: "h3",
  h5: "h3",
  h6: "h3",
  center: "div",
  section: "div",
  article: "div",
  header: "div",
  footer: "div",
  main: "div",
  body: "div",
};
const alone: readonly string[] = ["br", "hr", "img"];
const unread: readonly string[] = [
  "script",
  "style",
  "title",
  "template",
  "noscript",
  "iframe",
  "object",
  "svg",
  "math",
];
const depthMax = 60;
const nodesMax = 5000;

const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  middot: "·",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  zwnj: "\u200c",
};
export function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : "\ufffd";
  });
}

function attribute(source: string, name: string): string {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(source);
  return decoded(found?.[1] ?? found?.[2] ?? found?.[3] ?? "");
}

export const safeLink = (link: string): string => {
  const text = link.trim();
  return /^(https?:\/\/|mailto:|tel:)/i.test(text) ? text : "";
};

const known = (name: string): Tag | null =>
  meant[name] ?? ((tags as readonly string[]).includes(name) ? (name as Tag) : null);

export function readMail(html: string): MailNode[] {
  const root: MailElement = { tag: "div", children: [] };
  const open: { name: string; element: MailElement }[] = [{ name: "", element: root }];
  let nodes = 0;
  const add = (node: MailNode) => {
    nodes += 1;
    if (nodes <= nodesMax) open.at(-1)?.element.children.push(node);
  };
  const write = (text: string) => {
    const within = open.some((one) => one.element.tag === "pre");
    const shown = decoded(within ? text : text.replace(/\s+/g, " "));
    if (shown.trim() !== "" || shown.includes("\u00a0") || (shown !== "" && open.length > 1)) add(shown);
  };
  const token = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>|<![^>]*>/g;
  let at = 0;
  for (let found = token.exec(html); found; found = token.exec(html)) {
    write(html.slice(at, found.index));
    at = token.lastIndex;
    const name = found[2]?.toLowerCase();
    if (!name) continue;
    const source = found[3] ?? "";
    if (unread.includes(name)) {
      const end = new RegExp(`</${name}\\s*>`, "gi");
      end.lastIndex = at;
      if (found[1] === "" && !source.endsWith("/")) at = token.lastIndex = end.exec(html) ? end.lastIndex : html.length;
      continue;
    }
    const tag = known(name);
    if (!tag) continue;
    if (found[1] === "/") {
      const depth = open.findLastIndex((one) => one.name === name);
      if (depth > 0) open.length = depth;
    } else if (alone.includes(tag)) {
      if (tag === "img") {
        const text = attribute(source, "alt");
        if (text !== "") add({ tag, children: [text] });
      } else add({ tag, children: [] });
    } else {
      const element: MailElement = { tag, children: [] };
      const link = tag === "a" ? safeLink(attribute(source, "href")) : "";
      if (link !== "") element.link = link;
      add(element);
      if (open.length < depthMax) open.push({ name, element });
    }
  }
  write(html.slice(at));
  return root.children;
}
