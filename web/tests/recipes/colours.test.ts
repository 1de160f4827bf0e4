import { describe, expect, it } from "vitest";
import { indentAfter, tinted } from "../../src/pages/recipes/colours";

const tints = (line: string) => tinted(line).map(({ tint, text }) => `${tint}:${text}`);

describe("the colours of a recipe's text", () => {
  it("lose no letter of any line", () => {
    const lines = [
      "",
      "recipe: cart-rescue",
      "  - id: tell # why",
      "      text: \"🛒 {{ trigger.total | or('-') }}: # no comment\" # one",
      '  - {event: shopify/orders/create, with: {name: "#1042"}}',
      "  'odd \"quotes",
      "https://a.example/b: c",
      "\t: :",
    ];
    for (const line of lines)
      expect(
        tinted(line)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(line);
  });
  it("tell keys, quoted texts, expressions and comments apart", () => {
    expect(tints("  - id: tell # why")).toEqual([
      "plain:  ",
      "dash:- ",
      "key:id",
      "plain::",
      "plain: tell ",
      "comment:# why",
    ]);
    expect(tints('text: "a {{ b }} c"')).toEqual([
      "key:text",
      "plain::",
      "plain: ",
      'text:"a ',
      "expression:{{ b }}",
      'text: c"',
    ]);
  });
  it("take no # inside a quoted text for a comment", () => {
    expect(tints('channel: "#orders"').at(-1)).toBe('text:"#orders"');
  });
});

it("begins the next line where this one did, deeper behind a key without a value", () => {
  expect(indentAfter("  with:")).toBe("    ");
  expect(indentAfter("  - id: tell")).toBe("    ");
  expect(indentAfter("  - if: 'a'")).toBe("    ");
  expect(indentAfter("    then: # both")).toBe("      ");
  expect(indentAfter("title: x")).toBe("");
});
