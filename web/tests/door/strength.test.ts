import { describe, expect, it } from "vitest";
import { strengthOf } from "../../src/pages/door/strength";

describe("a password", () => {
  it("is told what makes it weak", () => {
    const why = (password: string, name = "") => strengthOf(password, name).weakness;
    expect(why("가나다")).toBe("short");
    expect(why("Passw0rd!!2026")).toBe("common");
    expect(why("비밀번호1234")).toBe("common");
    expect(why("minji-2026-!", "minji")).toBe("name");
    expect(why("aaaaaaaaaaab")).toBe("same");
    expect(why("481516234299")).toBe("digits");
    expect(why("asdfghjkl-88")).toBe("row");
    expect(why("abcdefghijkl")).toBe("row");
  });
  it("says how many characters are still to go, counted as people count them", () => {
    expect(strengthOf("한글여섯자요").lacks).toBe(6);
    expect(strengthOf("🔑🔑🔑").lacks).toBe(9);
  });
  it("is strong when it is long, also of plain words", () => {
    expect(strengthOf("correct horse battery staple").level).toBe(3);
    expect(strengthOf("보라색 고래가 바다에서 춤춘다").level).toBe(3);
    expect(strengthOf("kitchenwindow").level).toBeLessThan(3);
    expect(strengthOf("a minji likes long walks at night", "minji").weakness).toBeNull();
  });
});
