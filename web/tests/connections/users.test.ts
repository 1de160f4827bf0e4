import { describe, expect, it } from "vitest";
import { uses } from "../../src/pages/connections/users";

describe("a recipe uses a connection", () => {
  const team = { name: "team", connector: "slack" };
  const slack = { name: "slack", connector: "slack" };
  it("that it names", () => {
    expect(uses("  use: slack.message.post\n  connection: team\n", team)).toBe(true);
    expect(uses('{"connection": "team"}', team)).toBe(true);
  });
  it("but not one whose name only begins alike", () => {
    expect(uses("connection: team-2\n", team)).toBe(false);
    expect(uses("connection: my-team\n", team)).toBe(false);
  });
  it("that is called as its connector, where a step names none", () => {
    expect(uses("  use: slack.message.post\n", slack)).toBe(true);
    expect(uses("  event: slack/message\n", slack)).toBe(true);
    expect(uses("  use: slack.message.post\n", team)).toBe(false);
  });
});
