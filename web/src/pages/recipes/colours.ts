// The text of a recipe in pieces that are coloured: comments, keys, quoted texts, and the expressions inside {{ }}. Pure; a
// line at a time, so that a long text is quick. What is not understood stays plain.
export type Tint = "plain" | "comment" | "key" | "text" | "expression" | "dash";
export interface Tinted {
  tint: Tint;
  text: string;
}

const lead = /^(\s*)((?:- )*)(?:("[^"]*"|'[^']*'|[^\s#:"'{[][^:#]*?)(:)(?=\s|$))?/;

function values(text: string, out: Tinted[]): void {
  const piece = /\{\{.*?\}\}|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(^|\s)#.*$/g;
  let at = 0;
  for (let found = piece.exec(text); found; found = piece.exec(text)) {
    const isComment = found[1] !== undefined;
    const start = found.index + (found[1]?.length ?? 0);
    if (start > at) out.push({ tint: "plain", text: text.slice(at, start) });
    const whole = text.slice(start, piece.lastIndex);
    if (isComment) out.push({ tint: "comment", text: whole });
    else if (whole.startsWith("{{")) out.push({ tint: "expression", text: whole });
    else quoted(whole, out);
    at = piece.lastIndex;
  }
  if (at < text.length) out.push({ tint: "plain", text: text.slice(at) });
}

// A quoted text may hold expressions.
function quoted(text: string, out: Tinted[]): void {
  for (const part of text.split(/(\{\{.*?\}\})/)) {
    if (part !== "") out.push({ tint: part.startsWith("{{") ? "expression" : "text", text: part });
  }
}

export function tinted(line: string): Tinted[] {
  if (/^\s*#/.test(line)) return [{ tint: "comment", text: line }];
  const out: Tinted[] = [];
  const [whole = "", space = "", dashes = "", key, colon] = lead.exec(line) ?? [];
  if (space !== "") out.push({ tint: "plain", text: space });
  if (dashes !== "") out.push({ tint: "dash", text: dashes });
  if (key !== undefined) {
    out.push({ tint: "key", text: key });
    out.push({ tint: "plain", text: colon ?? "" });
  }
  values(line.slice(whole.length), out);
  return out;
}

// What Enter adds to begin the next line where this one did; one deeper behind a key that has nothing yet.
export function indentAfter(line: string): string {
  const [, space = "", dash = ""] = /^(\s*)(- )?/.exec(line) ?? [];
  const deeper = /:\s*(#.*)?$/.test(line) && line.trim() !== "" ? "  " : "";
  return space + (dash ? "  " : "") + deeper;
}
