import { describe, expect, it } from "vitest";
import { browserOf, reachOf, withinRole, withReach } from "../../src/pages/settings/scopes";

describe("scopes", () => {
  it("give reading with writing, and take both away together", () => {
    const writing = withReach(["events:read"], "runs", "write");
    expect(writing).toEqual(["runs:read", "runs:write", "events:read"]);
    expect(withReach(writing, "runs", "read")).toEqual(["runs:read", "events:read"]);
    expect(withReach(writing, "runs", "none")).toEqual(["events:read"]);
    expect([reachOf(writing, "runs"), reachOf(writing, "events"), reachOf(writing, "recipes")]).toEqual([
      "write",
      "read",
      "none",
    ]);
  });
  it("promise no more than the role may", () => {
    const scopes = ["runs:read", "runs:write", "recipes:read", "recipes:write", "settings:write"];
    expect(withinRole(scopes, "operator")).toEqual(["runs:read", "runs:write", "recipes:read"]);
    expect(withinRole(scopes, "viewer")).toEqual(["runs:read", "recipes:read"]);
    expect(withinRole(scopes, "owner")).toEqual(scopes);
  });
});

it("calls a browser by its name", () => {
  const chrome =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
  expect(browserOf(chrome)).toBe("Chrome · macOS");
  expect(browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")).toBe("Firefox · Linux");
  expect(browserOf("curl/8.1")).toBe("curl/8.1");
});
