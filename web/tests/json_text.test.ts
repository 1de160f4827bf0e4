import { describe, expect, it } from "vitest";
import { parseExact, pretty, prettyBody } from "../src/api/json_text";

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
