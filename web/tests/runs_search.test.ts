import { describe, expect, it } from "vitest";
import { asQuery } from "../src/api/repair";
import { everything } from "../src/data/run_list";
import { pieces } from "../src/pages/runs/found";
import { complete, completionAt, markedWords, quoted, tokens, without } from "../src/pages/runs/query";

describe("the search text", () => {
  it("is parted at spaces outside quotes", () => {
    const texts = (q: string) => tokens(q).map((token) => token.text);
    expect(texts('order:1042  "두 낱말" recipe:"a b" x')).toEqual(["order:1042", '"두 낱말"', 'recipe:"a b"', "x"]);
    expect(texts('open "quote without end')).toEqual(["open", '"quote without end']);
    expect(texts("   ")).toEqual([]);
  });
  it("loses one term and keeps the others as they were written", () => {
    expect(without('a "b c" d:e', 1)).toBe("a d:e");
    expect(without("a", 0)).toBe("");
  });
  it("tells what is being typed: a name, then its value", () => {
    expect(completionAt("rec", 3)).toMatchObject({ name: null, typed: "rec" });
    expect(completionAt("x recipe:car", 12)).toMatchObject({ name: "recipe", typed: "car" });
    expect(completionAt('recipe:"a b', 11)).toMatchObject({ name: "recipe", typed: "a b" });
    expect(completionAt("a  b", 2)).toBeNull();
    expect(completionAt('"words', 3)).toBeNull();
  });
  it("takes a completion in the middle of others, and goes on behind it", () => {
    const take = (q: string, caret: number, value: string) => {
      const where = completionAt(q, caret);
      return where && complete(q, where, value);
    };
    expect(take("re state:acting", 2, "recipe")).toEqual({ q: "recipe: state:acting", caret: 7 });
    expect(take("recipe:ca", 9, "cart rescue")).toEqual({ q: 'recipe:"cart rescue" ', caret: 21 });
    expect(quoted('a"b c')).toBe('"ab c"');
  });
  it("hands out the words to mark, without names and quotes", () => {
    expect(markedWords('order:1042 "두 낱말" 주문 state:')).toEqual(["1042", "두 낱말", "주문"]);
  });
});

describe("a filter as a search text, for a plan over many runs", () => {
  it("has a term for each member, quoted where it must be", () => {
    const filter = {
      ...everything,
      q: ' "두 낱말" 1042 ',
      state: "failed" as const,
      reason: "held: recipe x",
      held: true,
    };
    expect(asQuery(filter)).toEqual({ q: '"두 낱말" 1042 state:failed reason:"held: recipe x" held:yes' });
    expect(asQuery({ problem: 7, from_ms: 5 })).toEqual({ q: "problem:7", from_ms: 5 });
  });
  it("is empty where nothing is asked for, which no plan takes", () => {
    expect(asQuery(everything)).toEqual({ q: "" });
  });
});

describe("what was found", () => {
  const marked = (text: string, words: string[]) =>
    pieces(text, words)
      .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
      .join("");
  it("has the words marked, in any case, the longer one first", () => {
    expect(marked("주문번호 1042, Order 1042", ["1042", "order"])).toBe("주문번호 [1042], [Order] [1042]");
    expect(marked("장바구니가", ["장바", "장바구니"])).toBe("[장바구니]가");
  });
  it("is shown whole where nothing is marked, and as text whatever it is", () => {
    expect(marked("<b>x</b>", [])).toBe("<b>x</b>");
    expect(marked("a.c abc", ["a.c"])).toBe("[a.c] abc");
    expect(marked("", ["a"])).toBe("");
    expect(marked("aa", ["", "a"])).toBe("[a][a]");
  });
});
