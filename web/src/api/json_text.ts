// JSON for people's eyes. A number keeps the digits it was written with: an id of nineteen digits must not be rounded on
// its way to the screen, and 62000.00 must not become 62000.

interface Source {
  source?: string;
}
const rawJson = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;

function keepDigits(_key: string, value: unknown, context?: Source): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && rawJson && String(value) !== source
    ? rawJson(source)
    : value;
}

// Numbers that JavaScript cannot hold as written become opaque objects that only `pretty` can print.
export function parseExact(text: string): unknown {
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}

// Bytes that are no text, sixteen a line, as hexdump shows them: place, hex, and what of it is printable ASCII.
export function hexView(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const shown = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${hex.padEnd(47)}  ${shown}`);
  }
  return lines.join("\n");
}

// A body as it was sent: indented when it is a JSON object or list, else untouched.
export function prettyBody(body: string): string {
  const start = body.trimStart()[0];
  if (start !== "{" && start !== "[") return body;
  try {
    return pretty(parseExact(body));
  } catch {
    return body;
  }
}
