import { expect, it } from "vitest";
import { area, line, niceTop } from "../src/pages/overview/scale";
import { bytesText, clockTime, period } from "../src/text/format";

it("has a round top that is not below the most", () => {
  expect([1, 2, 3, 7, 11, 43, 90, 1000, 1001].map(niceTop)).toEqual([1, 2, 5, 10, 20, 50, 100, 1000, 2000]);
});
it("draws one point in the middle of each slot", () => {
  expect(line([0, 10], { width: 100, height: 20 })).toBe("M25 20L75 10");
  expect(area([0, 10], { width: 100, height: 20 })).toBe("M25 20L75 10L75 20L25 20Z");
  expect(area([], { width: 100, height: 20 })).toBe("");
});
it("says rules in whole units", () => {
  expect(period(1_000, "ko")).toBe("1초");
  expect(period(900_000, "en")).toBe("15 min");
  expect(period(21_600_000, "ko")).toBe("6시간");
  expect(period(1_500, "en")).toBe("1.5 s");
});
it("says sizes with the digits that matter", () => {
  expect([0, 999, 1_500, 999_600, 1.84e9].map((size) => bytesText(size, "en"))).toEqual([
    "0 B",
    "999 B",
    "1.5 KB",
    "1 MB",
    "1.8 GB",
  ]);
});
it("names the day of a time where it is another one", () => {
  const now = Date.UTC(2026, 2, 2, 12);
  expect(clockTime(now - 60_000, now, "en", "UTC")).toBe("11:59 AM");
  expect(clockTime(now - 86_400_000, now, "en", "UTC")).toContain("Mar 1");
});
