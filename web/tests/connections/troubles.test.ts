import { describe, expect, it } from "vitest";
import type { Connection } from "../../src/api/connections";
import { addressOf, troublesOf, wellnessOf, worstFirst } from "../../src/pages/connections/troubles";

const connection = (name: string, more: Partial<Connection> = {}): Connection => ({
  name,
  connector: name,
  enabled: true,
  installed: true,
  config: {},
  origins: [],
  secrets: [],
  health: { state: "ok" },
  ...more,
});
const poll = { poll: "rows", item: "S1", every_ms: 1, due_ms: 9, last_ok_ms: null, failures: 2, problem: "503" };
const webhook = {
  subscription: "hooks",
  item: "",
  due_ms: 0,
  last_ok_ms: null,
  failures: 1,
  problem: "",
  hint: "",
  note: "",
};

describe("the troubles of a connection", () => {
  it("are one when it is dead: all else follows from it", () => {
    const dead = connection("shop", { health: { state: "dead", problem: "401" }, polls: [poll] });
    expect(troublesOf(dead).map((one) => [one.kind, one.why])).toEqual([["dead", "401"]]);
  });
  it("tell a poll with when it is tried again, and a webhook that only lacks an address apart from one that failed", () => {
    const shop = connection("shop", {
      polls: [poll],
      subscriptions: [
        { ...webhook, problem: "the hub does not know its own address; start it with --public-url" },
        { ...webhook, problem: "422" },
      ],
    });
    expect(troublesOf(shop).map((one) => [one.kind, one.what, one.item, one.again_ms])).toEqual([
      ["no_address", "hooks", "", null],
      ["webhook", "hooks", "", null],
      ["poll", "rows", "S1", 9],
    ]);
  });
  it("leave a connection with only a hint well", () => {
    const hinted = connection("shop", { subscriptions: [{ ...webhook, hint: "faster with --public-url" }] });
    expect(troublesOf(hinted).map((one) => one.kind)).toEqual(["hint"]);
    expect(wellnessOf(hinted)).toBe("ok");
  });
});

it("lists dead ones first, then by name", () => {
  const all = [
    connection("b"),
    connection("a"),
    connection("z", { health: { state: "dead" } }),
    connection("m", { health: { state: "login" } }),
    connection("n", { polls: [poll] }),
    connection("y", { installed: false }),
  ];
  expect(worstFirst(all).map((one) => one.name)).toEqual(["y", "z", "m", "n", "a", "b"]);
});

describe("the address of deliveries", () => {
  it("hides the secret at its end until it is asked for", () => {
    const hook = connection("hook", {
      hook: "/hooks/hook",
      hook_url: "https://h.example/hooks/hook/",
      hook_secret: "url",
    });
    expect(addressOf(hook, null)).toBe("https://h.example/hooks/hook/••••••••");
    expect(addressOf(hook, "abc")).toBe("https://h.example/hooks/hook/abc");
  });
  it("is the path alone while the hub does not know its own address", () => {
    expect(addressOf(connection("shop", { hook: "/hooks/shop" }), null)).toBe("/hooks/shop");
  });
});
