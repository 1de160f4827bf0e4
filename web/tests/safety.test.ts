// What nothing in the console may do: set text as HTML, run text as code, or trip over a name that every object has.
import { describe, expect, it } from "vitest";
import { queryText } from "../src/api/call";
import { parseExact, pretty, prettyBody } from "../src/api/json_text";
import { layout } from "../src/graph/layout";

const sources = import.meta.glob<string>("../src/**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });
const page = import.meta.glob<string>("../index.html", { eager: true, query: "?raw", import: "default" });
const forbidden =
  /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\s*\(|new Function\b|javascript:|setAttribute\(\s*["'](style|on)/i;

describe("the console's code", () => {
  it("is read by this test", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(80);
    expect(Object.keys(page)).toHaveLength(1);
  });
  it("sets nothing as HTML and runs nothing that it was told", () => {
    for (const [file, text] of Object.entries(sources)) expect(forbidden.exec(text)?.[0], file).toBeUndefined();
    expect(forbidden.exec("element.innerHTML = x")).not.toBeNull();
  });
  it("has no style and no script in its page", () => {
    for (const text of Object.values(page)) {
      expect(text).not.toMatch(/<style|style=|\son[a-z]+=/i);
      expect(text.match(/<script[^>]*>[^<]/)).toBeNull();
    }
  });
});

describe("names that every object has", () => {
  const body = '{"__proto__": {"admin": true}, "constructor": 1, "toString": "x", "order": 12345678901234567890}';
  it("are read and shown as they came", () => {
    const value = parseExact(body) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__", "constructor", "toString", "order"]);
    expect((value as { admin?: boolean }).admin).toBeUndefined();
    expect(pretty(value)).toContain('"__proto__": {\n    "admin": true\n  }');
    expect(prettyBody(body)).toContain('"order": 12345678901234567890');
  });
  it("go into an address as any other", () => {
    expect(queryText(JSON.parse('{"__proto__": "a", "constructor": "b"}'))).toBe("?__proto__=a&constructor=b");
  });
  it("leave the prototype of objects alone", () => {
    const odd = (id: string) => ({
      id,
      kind: "use" as const,
      title: id,
      operation: null,
      connection: null,
      line: null,
      parent: null,
    });
    layout([odd("__proto__"), odd("toString")], [{ from: "__proto__", to: "toString", label: "", kind: "next" }]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
