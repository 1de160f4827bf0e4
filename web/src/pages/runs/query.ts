// The search text as its reader types it: words, "several words" and name:value terms. What it means is the hub's to say.
export interface Token {
  text: string; // as written, quotes and all
  start: number;
  end: number;
}

// Parted at spaces that stand outside quotes.
export function tokens(q: string): Token[] {
  const found: Token[] = [];
  for (const hit of q.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)) {
    found.push({ text: hit[0], start: hit.index, end: hit.index + hit[0].length });
  }
  return found;
}

export function without(q: string, index: number): string {
  return tokens(q)
    .filter((_, at) => at !== index)
    .map((token) => token.text)
    .join(" ");
}

// A value as it must be written: quoted where it has a space.
export const quoted = (value: string): string => (/[\s"]/.test(value) ? `"${value.replaceAll('"', "")}"` : value);

export interface Completion {
  name: string | null; // null: the name itself is being typed
  typed: string;
  start: number;
  end: number;
}
// What is being typed where the caret stands.
export function completionAt(q: string, caret: number): Completion | null {
  const token = tokens(q).find((one) => one.start < caret && caret <= one.end);
  if (!token) return null;
  const text = token.text.slice(0, caret - token.start);
  if (text.startsWith('"')) return null;
  const colon = text.indexOf(":");
  const { start, end } = token;
  if (colon < 0) return { name: null, typed: text, start, end };
  return {
    name: text.slice(0, colon),
    typed: text.slice(colon + 1).replaceAll('"', ""),
    start: start + colon + 1,
    end,
  };
}

// The text with the completion taken, and where the caret goes: after a name its value is typed, after a value the next.
export function complete(q: string, where: Completion, value: string): { q: string; caret: number } {
  const put = where.name === null ? `${value}:` : `${quoted(value)} `;
  const rest = where.name === null ? q.slice(where.end) : q.slice(where.end).trimStart();
  return { q: q.slice(0, where.start) + put + rest, caret: where.start + put.length };
}

// The words to mark where a run was found: values without their names and quotes.
export function markedWords(q: string): string[] {
  return tokens(q)
    .map(({ text }) => (text.startsWith('"') ? text : text.slice(text.indexOf(":") + 1)).replaceAll('"', "").trim())
    .filter((word) => word !== "");
}
