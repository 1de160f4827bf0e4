import { expect, it } from "vitest";
import type { Connection, Connector } from "../../src/api/connections";
import { sourcesOf } from "../../src/pages/recipes/try_sources";

const words = { ko: "", en: "" };
const connector = (name: string, events: [string, string | null][]): Connector => ({
  name,
  version: "1",
  title: words,
  help: words,
  fields: [],
  origins: [],
  webhook: true,
  test: null,
  operations: [],
  events: events.map(([topic, means]) => ({ topic, means, title: words, help: words })),
});
const connection = (name: string, of: string) => ({ name, connector: of }) as Connection;
const connectors = [
  connector("shopify", [
    ["orders/create", "order_created"],
    ["orders/paid", "order_paid"],
  ]),
  connector("webhook", [["anything", null]]),
];
const connections = [connection("shop", "shopify"), connection("outlet", "shopify"), connection("hook", "webhook")];

it("finds every connection that may tell a standard event", () => {
  expect(sourcesOf("order_created", connectors, connections)).toEqual([
    { connection: "shop", connector: "shopify", topic: "orders/create" },
    { connection: "outlet", connector: "shopify", topic: "orders/create" },
  ]);
});
it("finds a connector's own event by its name, and nothing for a schedule", () => {
  expect(sourcesOf("webhook/anything", connectors, connections).map((one) => one.connection)).toEqual(["hook"]);
  expect(sourcesOf("", connectors, connections)).toEqual([]);
});
