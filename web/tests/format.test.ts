import { describe, expect, it } from "vitest";
import { count, due, duration, moment, relative, shortened } from "../src/text/format";

const now = Date.UTC(2026, 10, 21, 12, 0, 0);
const minute = 60_000;
const hour = 60 * minute;

describe("relative", () => {
  it("names the largest unit, before and after, in both languages", () => {
    expect(relative(now + 12 * minute + 20_000, now, "ko")).toBe("12분 뒤");
    expect(relative(now + 12 * minute, now, "en")).toBe("in 12 min");
    expect(relative(now - 3 * hour, now, "ko")).toBe("3시간 전");
    expect(relative(now - 3 * hour, now, "en")).toBe("3 h ago");
    expect(relative(now - 30_000, now, "ko")).toBe("30초 전");
  });
  it("counts hours up to two days, then days", () => {
    expect(relative(now + 47 * hour, now, "ko")).toBe("47시간 뒤");
    expect(relative(now + 48 * hour, now, "ko")).toBe("2일 뒤");
  });
  it("counts to the nearest: what has just begun to wait three days waits three", () => {
    expect(relative(now + 72 * hour - 5_000, now, "ko")).toBe("3일 뒤");
    expect(relative(now + 72 * hour - 13 * hour, now, "en")).toBe("in 2 d");
    expect(relative(now + 59 * minute + 40_000, now, "en")).toBe("in 1 h");
    expect(relative(now - 59_600, now, "en")).toBe("1 min ago");
    expect(relative(now - 47.6 * hour, now, "ko")).toBe("2일 전");
  });
  it("says no number for what is about now", () => {
    expect(relative(now - 900, now, "ko")).toBe("방금");
    expect(relative(now + 900, now, "ko")).toBe("곧");
    expect(relative(now - 900, now, "en")).toBe("just now");
  });
});

describe("due", () => {
  it("never says that something due was long ago: the hub is at it", () => {
    expect(due(now - 5 * minute, now, "ko")).toBe("곧");
    expect(due(now - 5 * minute, now, "en")).toBe("now");
    expect(due(now + 5 * minute, now, "ko")).toBe("5분 뒤");
  });
});

describe("duration", () => {
  it("gives two units at most and leaves a zero out", () => {
    expect(duration(0, "en")).toBe("0 ms");
    expect(duration(340, "ko")).toBe("340밀리초");
    expect(duration(1_290, "ko")).toBe("1.2초");
    expect(duration(9_999, "en")).toBe("9.9 s");
    expect(duration(42_000, "en")).toBe("42 s");
    expect(duration(125_000, "ko")).toBe("2분 5초");
    expect(duration(120_000, "ko")).toBe("2분");
    expect(duration(26 * hour, "ko")).toBe("1일 2시간");
    expect(duration(90 * minute, "en")).toBe("1 h 30 min");
  });
  it("takes a clock that went back as no time", () => {
    expect(duration(-5, "en")).toBe("0 ms");
  });
});

describe("moment", () => {
  it("names the year only where it is another", () => {
    expect(moment(Date.UTC(2026, 10, 21, 12, 14, 5), now, "ko", "Asia/Seoul")).toBe("11월 21일 오후 9:14:05");
    expect(moment(Date.UTC(2025, 0, 2, 3, 4, 5), now, "ko", "Asia/Seoul")).toContain("2025");
  });
  it("judges the year where the reader is", () => {
    const newYearInSeoul = Date.UTC(2026, 11, 31, 15, 30);
    expect(moment(newYearInSeoul, now, "ko", "Asia/Seoul")).toContain("2027");
    expect(moment(newYearInSeoul, now, "ko", "UTC")).not.toContain("2026");
  });
});

it("groups numbers and shortens keys in the middle", () => {
  expect(count(1234567, "ko")).toBe("1,234,567");
  expect(shortened("short")).toBe("short");
  expect(shortened("abcdefghijklmnopqrstuvwxyz", 14)).toBe("abcdefghi…wxyz");
});
