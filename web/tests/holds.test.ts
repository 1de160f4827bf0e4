// A hold that is being released says at which pace and how much is left, and can be changed or held again.
import { expect, it } from "vitest";
import type { Hold } from "../src/api/repair";
import { deedsOf, paceText } from "../src/pages/lists/hold_dialogs";
import { spanText } from "../src/text/format";
import { lists } from "../src/text/lists";
import { sayIn } from "../src/text/words";

const aHold = (change: Partial<Hold>): Hold => ({
  id: 3,
  kind: "connection",
  name: "slack",
  reason: "",
  made_by: "민지",
  since_ms: 1_000,
  until_ms: null,
  state: "releasing",
  per_minute: 30,
  expire_after_ms: null,
  expire_then: "skip",
  queued: 1_200,
  oldest_ms: null,
  ...change,
});

it("says the pace and what is left; 0 a minute is no pace", () => {
  expect(paceText(aHold({}), sayIn(lists, "en"), "en")).toBe("30 a minute, 1,200 left");
  expect(paceText(aHold({}), sayIn(lists, "ko"), "ko")).toBe("1분에 30건, 1,200건 남음");
  expect(paceText(aHold({ per_minute: 0 }), sayIn(lists, "en"), "en")).toBe("as fast as it goes, 1,200 left");
});
it("is released once, and then changed or put on again", () => {
  expect(deedsOf(aHold({ state: "holding", per_minute: null }))).toEqual(["release"]);
  expect(deedsOf(aHold({}))).toEqual(["release.change", "hold.again"]);
});
it("begins with the rule that it has, as a form writes it", () => {
  expect([90_000, 21_600_000, 172_800_000, 1_800_000].map(spanText)).toEqual(["90s", "6h", "2d", "30m"]);
});
