import { describe, expect, it } from "vitest";
import { endStates, liveStates } from "../src/api";
import { en, fill, known, reasonText, sayIn, troubleText } from "../src/text";
import { ko } from "../src/text_ko";

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
const sayKo = sayIn(ko);
const sayEn = sayIn(en);

describe("the two dictionaries", () => {
  it("have the same keys", () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
  });
  it("have the same holes in each text", () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(holes(ko[key]), key).toEqual(holes(en[key]));
    }
  });
  it("leave nothing empty, and Korean has no English sentence", () => {
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(ko[key].trim(), key).not.toBe("");
      if (en[key].includes(" ") && key !== "top.language") expect(ko[key], key).toMatch(/[가-힣]/);
    }
  });
  it("have a mend for every error", () => {
    for (const key of Object.keys(en).filter((name) => /^error\.\w+$/.test(name))) {
      expect(known(`${key}.mend`), key).not.toBeNull();
    }
  });
  it("know every state of a run, with what it means", () => {
    for (const state of [...liveStates, ...endStates]) {
      expect(known(`state.${state}`)).not.toBeNull();
      expect(known(`state.${state}.help`)).not.toBeNull();
    }
  });
});

it("fills holes and shows those that nobody filled", () => {
  expect(fill("실행 {id}: {name}", { id: 7 })).toBe("실행 7: {name}");
});

it("does not take the members of every object for words", () => {
  expect(known("constructor")).toBeNull();
});

describe("reasons", () => {
  it("become words, with the event that ended the run", () => {
    expect(reasonText("no_address", sayKo)).toBe("보낼 주소가 없음");
    expect(reasonText("exit_on:order_created", sayKo)).toContain("order_created");
  });
  it("keep the details behind a known code, and whole what is not known", () => {
    expect(reasonText("expression_failed: line 7, `if`: no such key", sayEn)).toBe(
      "an expression of the recipe failed: line 7, `if`: no such key",
    );
    expect(reasonText("not_a_customer: 4001: 수신 거부", sayKo)).toBe("not_a_customer: 4001: 수신 거부");
  });
});

describe("trouble", () => {
  it("is told in the reader's language where the code is known", () => {
    expect(troubleText({ code: "too_busy", message: "too many", mend: "later" }, sayKo)).toEqual({
      what: ko["error.too_busy"],
      mend: ko["error.too_busy.mend"],
    });
  });
  it("else in the hub's words, and always with something to do", () => {
    const trouble = { code: "new_code", message: "odd thing", mend: "turn it off" };
    expect(troubleText(trouble, sayEn)).toEqual({ what: "The hub says: odd thing", mend: "turn it off" });
    expect(troubleText({ ...trouble, mend: "" }, sayEn).mend).toBe(en["error.generic.mend"]);
  });
});
