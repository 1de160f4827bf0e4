import { describe, expect, it } from "vitest";
import { everything } from "../src/data/run_list";
import { isFiltered, readFilter, runsAddress, writeFilter } from "../src/pages/runs/address";
import { idOf, match } from "../src/shell/router";

describe("the address of the runs list", () => {
  it("gives back what it was written from", () => {
    const filter = {
      ...everything,
      q: 'order:1042 "장바구니가 비었다"',
      state: "waiting" as const,
      recipe: "a&b=c",
      customer: 7,
      held: true,
      from_ms: 0,
      until_ms: 1_795_352_374_851,
    };
    expect(readFilter(writeFilter(filter))).toEqual(filter);
  });
  it("is short where nothing is asked for", () => {
    expect(runsAddress(everything)).toBe("/runs");
    expect(isFiltered(everything)).toBe(false);
    expect(isFiltered({ ...everything, q: "x" })).toBe(true);
  });
  it("leaves out what it does not know", () => {
    expect(readFilter("?state=asleep&customer=-1&event=1e3&problem=9999999999999999&held=no&from_ms=x&z=1")).toEqual(
      everything,
    );
    expect(readFilter("?state=constructor&recipe=__proto__")).toEqual({ ...everything, recipe: "__proto__" });
  });
});

describe("routes", () => {
  it("match piece by piece and hand out what stands in for a name", () => {
    expect(match("/runs/:id", "/runs/12")?.get("id")).toBe("12");
    expect(match("/runs/:id", "/runs/12/")?.get("id")).toBe("12");
    expect(match("/runs/:id", "/runs")).toBeNull();
    expect(match("/runs/:id", "/runs/1/x")).toBeNull();
    expect(match("/recipes/:name", "/recipes/%EC%9E%A5%2F%3F")?.get("name")).toBe("장/?");
    expect(match("/recipes/*", "/recipes")).not.toBeNull();
    expect(match("/recipes/*", "/recipes/a/b")).not.toBeNull();
    expect(match("/recipes/*", "/runs")).toBeNull();
  });
  it("refuse a broken escape instead of throwing", () => {
    expect(match("/recipes/:name", "/recipes/%E0%A4%A")).toBeNull();
  });
  it("take whole positive numbers for ids", () => {
    expect(["1", "12345678901234567", "0", "-3", "1.5", "1e3", "", null].map(idOf)).toEqual([
      1,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
