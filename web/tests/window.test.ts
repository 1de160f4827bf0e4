import { describe, expect, it } from "vitest";
import { visible } from "../src/ui/window";

describe("the rows that are drawn", () => {
  it("are those in sight and a few beyond", () => {
    expect(visible(0, 800, 50, 30_000)).toEqual({ first: 0, end: 28 });
    expect(visible(-500_000, 800, 50, 30_000)).toEqual({ first: 9_988, end: 10_028 });
  });
  it("stay within the list, above it and below it", () => {
    expect(visible(2_000, 800, 50, 10)).toEqual({ first: 0, end: 1 });
    const below = visible(-5_000, 800, 50, 10);
    expect(below.first).toBeLessThan(10);
    expect(below.end).toBe(10);
    expect(visible(0, 800, 50, 0)).toEqual({ first: 0, end: 0 });
  });
  it("are as many for a long list as for a short one", () => {
    const drawn = (count: number) => {
      const { first, end } = visible(-40_000, 900, 54, count);
      return end - first;
    };
    expect(drawn(1_000_000)).toBe(drawn(2_000));
  });
});
