import { describe, expect, it } from "vitest";
import { everything, isFiltered, readView, writeView } from "../src/address";
import { runQuery } from "../src/api";

describe("the page's address", () => {
  it("gives back what was put into it, Hangul included", () => {
    const view = { state: "in_doubt", recipe: "장바구니&이탈", customer: 17, event: 9, run: 1042 } as const;
    const address = writeView(view);
    expect(address.startsWith("/?state=in_doubt&recipe=")).toBe(true);
    expect(readView(address.slice(1))).toEqual(view);
  });
  it("is bare when nothing is chosen", () => {
    expect(writeView(everything)).toBe("/");
    expect(readView("")).toEqual(everything);
  });
  it("ignores what it does not know", () => {
    expect(readView("?state=flying&run=0&customer=-1&event=1e3&x=y")).toEqual(everything);
    expect(readView("?run=99999999999999999999").run).toBeNull();
    expect(readView("?recipe=").recipe).toBeNull();
  });
  it("counts the open run not as a filter", () => {
    expect(isFiltered({ ...everything, run: 3 } as never)).toBe(false);
    expect(isFiltered({ ...everything, event: 3 })).toBe(true);
  });
});

it("asks the hub for nothing that was not chosen", () => {
  expect(runQuery(everything, 50, null)).toBe("limit=50");
  expect(runQuery({ ...everything, state: "waiting", recipe: "a b" }, 50, 12)).toBe(
    "state=waiting&recipe=a+b&before=12&limit=50",
  );
});
