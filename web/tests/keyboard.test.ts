import { expect, it } from "vitest";
import { deedOf } from "../src/keyboard";

const press = (key: string, code: string, more = {}) =>
  deedOf({ key, code, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more });

it("knows letters and arrows", () => {
  expect(press("j", "KeyJ")).toBe("next");
  expect(press("ArrowUp", "ArrowUp")).toBe("previous");
  expect(press("Escape", "Escape")).toBe("close");
  expect(press("x", "KeyX")).toBeNull();
});
it("works while the keyboard writes Hangul", () => {
  expect(press("ㅓ", "KeyJ")).toBe("next");
  expect(press("ㅏ", "KeyK")).toBe("previous");
  expect(press("Process", "KeyT")).toBe("send");
});
it("goes by the letter, not its place, on other Latin layouts", () => {
  expect(press("j", "KeyC")).toBe("next");
  expect(press("h", "KeyJ")).toBeNull();
});
it("tells / from ?", () => {
  expect(press("/", "Slash")).toBe("filter");
  expect(press("?", "Slash", { shiftKey: true })).toBe("help");
});
it("leaves the browser's own keys alone", () => {
  expect(press("j", "KeyJ", { ctrlKey: true })).toBeNull();
  expect(press("k", "KeyK", { metaKey: true })).toBeNull();
});
