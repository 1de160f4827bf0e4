import { describe, expect, it } from "vitest";
import { hexView, parseExact, pretty, prettyBody } from "../src/api/json_text";

describe("what is shown of JSON", () => {
  it("keeps every digit of numbers that JavaScript would round", () => {
    expect(prettyBody('{"id":9007199254740993,"total":62000.00,"small":1e-7}')).toBe(
      '{\n  "id": 9007199254740993,\n  "total": 62000.00,\n  "small": 1e-7\n}',
    );
  });
  it("sends back what it read", () => {
    expect(pretty(parseExact('{"id":12345678901234567890,"이름":"김하늘"}'))).toBe(
      '{\n  "id": 12345678901234567890,\n  "이름": "김하늘"\n}',
    );
  });
  it("gives ordinary numbers as numbers", () => {
    expect(parseExact('{"id":12,"due_ms":1795348800000}')).toEqual({ id: 12, due_ms: 1795348800000 });
  });
  it("leaves what is no JSON object or list as it was sent", () => {
    for (const body of ["a=1&b=2", '{"cut off": "in the mid…', "", "12345678901234567890"]) {
      expect(prettyBody(body)).toBe(body);
    }
  });
});

describe("what is shown of bytes that are no text", () => {
  it("PAR_08 shows them in hex, and never as text of the page", () => {
    const bytes = String.fromCharCode(0xff, 0xfe, 0x7b, 0x00, 0x0a, 0x3c, 0x62, 0x3e) + "0123456789";
    expect(hexView(btoa(bytes))).toBe(
      "00000000  ff fe 7b 00 0a 3c 62 3e 30 31 32 33 34 35 36 37  ..{..<b>01234567\n" +
        `00000010  38 39${" ".repeat(42)}  89`,
    );
    expect(hexView("")).toBe("");
  });
});
