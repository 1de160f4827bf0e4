import { expect, it } from "vitest";
import type { Connector, Field } from "../../src/api/connections";
import { fits, listsOf, standingTitle } from "../../src/pages/connections/connectors";

const words = { ko: "", en: "" };
const field = (name: string, list?: string): Field => ({
  name,
  type: "string",
  required: false,
  secret: false,
  title: words,
  help: words,
  ...(list ? { resource: { name: list, strict: false } } : {}),
});
const slack: Connector = {
  name: "slack",
  version: "1",
  title: { ko: "슬랙", en: "Slack" },
  help: { ko: "팀 채널에 올립니다.", en: "Posts to channels." },
  fields: [field("team")],
  origins: [],
  webhook: true,
  test: null,
  operations: [
    { name: "a", title: words, help: words, internal: false, inputs: [field("channel", "channels")] },
    { name: "b", title: words, help: words, internal: false, inputs: [field("to", "users"), field("in", "channels")] },
  ],
  events: [],
};

it("finds an app by its name in either language, whichever the page is in", () => {
  expect(["SLA", " 슬랙", "채널", "channels", "shop"].map((text) => fits(slack, text))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});
it("calls a poll as the manifest does, with the element; the words of its name where nobody told", () => {
  const told = { ...slack, polls: [{ name: "missed_orders", title: { ko: "놓친 주문", en: "Missed orders" } }] };
  expect(standingTitle(told, "polls", "missed_orders")).toEqual({ ko: "놓친 주문", en: "Missed orders" });
  expect(standingTitle(told, "polls", "missed_orders", "F1").ko).toBe("놓친 주문 (F1)");
  expect(standingTitle(told, "subscriptions", "form_webhook").en).toBe("form webhook");
  expect(standingTitle(undefined, "polls", "rows", "S1").ko).toBe("rows (S1)");
});
it("names each list at the vendor once", () => {
  expect(listsOf(slack)).toEqual(["channels", "users"]);
});
