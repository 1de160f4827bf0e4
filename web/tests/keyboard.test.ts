import { describe, expect, it } from "vitest";
import { goKeys, Keys, type Press } from "../src/shell/keyboard";
import { find } from "../src/shell/palette_find";

const press = (key: string, change: Partial<Press> = {}): Press => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : "",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...change,
});

describe("keys", () => {
  it("mean their deed", () => {
    const keys = new Keys();
    expect(keys.deed(press("j"), 0)).toBe("next");
    expect(keys.deed(press("ArrowUp"), 0)).toBe("previous");
    expect(keys.deed(press("?", { shiftKey: true }), 0)).toBe("help");
    expect(keys.deed(press("/"), 0)).toBe("search");
    expect(keys.deed(press("x"), 0)).toBe("select");
    expect(keys.deed(press("k", { ctrlKey: true }), 0)).toBe("palette");
    expect(keys.deed(press("k", { metaKey: true }), 0)).toBe("palette");
  });
  it("are known by their place under a Korean keyboard", () => {
    const keys = new Keys();
    expect(keys.deed(press("ㅓ", { code: "KeyJ" }), 0)).toBe("next");
    keys.deed(press("ㅎ", { code: "KeyG" }), 0);
    expect(keys.deed(press("ㄱ", { code: "KeyR" }), 100)).toEqual({ go: "/runs" });
  });
  it("leave the browser its own", () => {
    const keys = new Keys();
    expect(keys.deed(press("j", { ctrlKey: true }), 0)).toBeNull();
    expect(keys.deed(press("r", { metaKey: true }), 0)).toBeNull();
    expect(keys.deed(press("J", { shiftKey: true }), 0)).toBeNull();
  });
  it("go to a page after g, for a moment, and only once", () => {
    const keys = new Keys();
    for (const [letter, to] of goKeys) {
      keys.deed(press("g"), 1000);
      expect(keys.deed(press(letter), 1100)).toEqual({ go: to });
      expect(keys.deed(press(letter), 1200)).not.toEqual({ go: to });
    }
    keys.deed(press("g"), 1000);
    expect(keys.deed(press("p"), 9000)).toBeNull();
  });
});

describe("the palette", () => {
  const offers = [
    { name: "실행", also: "Runs 실행" },
    { name: "레시피: 장바구니 이탈", also: "cart-rescue" },
    { name: "Overview", also: "한눈에" },
  ];
  it("finds by any word, in either language, in any order", () => {
    expect(find(offers, "runs").map((one) => one.name)).toEqual(["실행"]);
    expect(find(offers, "이탈 장바").map((one) => one.name)).toEqual(["레시피: 장바구니 이탈"]);
    expect(find(offers, "CART").map((one) => one.name)).toEqual(["레시피: 장바구니 이탈"]);
    expect(find(offers, "nothing")).toEqual([]);
    expect(find(offers, "  ")).toHaveLength(3);
  });
  it("puts what begins with the word first", () => {
    const names = [{ name: "the run" }, { name: "run" }, { name: "overrun" }];
    expect(find(names, "run").map((one) => one.name)).toEqual(["run", "the run", "overrun"]);
  });
});
