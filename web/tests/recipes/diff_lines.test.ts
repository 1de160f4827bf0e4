import { expect, it } from "vitest";
import { diffLines, valueText } from "../../src/pages/recipes/diff_lines";

it("says of each change what came, went, moved or changed from which value to which", () => {
  const found = diffLines({
    changes: [
      { kind: "header", keys: [{ path: "title", before: "a", after: "b" }] },
      { kind: "header", keys: [{ path: "goal", after: { event: "order_created" } }] },
      { kind: "added", step: "push", what: "use webpush.message.send", to: "steps" },
      { kind: "removed", step: "old", what: "stop", from: "steps" },
      { kind: "moved", step: "tell", from: "steps", to: "then of paid" },
      { kind: "changed", step: "remind", what: "wait 5h", keys: [{ path: "wait", before: "6h", after: "5h" }] },
      { kind: "test", keys: [{ path: "pays", before: {} }] },
    ],
    renamed: [{ from: "a1", to: "a2" }],
    gone: [],
  });
  expect(found.map((line) => [line.sign, line.part, line.name])).toEqual([
    ["changed", "recipe", "title"],
    ["added", "recipe", "goal"],
    ["added", "step", "push"],
    ["removed", "step", "old"],
    ["moved", "step", "tell"],
    ["changed", "step", "remind"],
    ["removed", "test", "pays"],
    ["renamed", "step", "a1"],
  ]);
  expect(found[5]?.values).toEqual([{ path: "wait", before: "6h", after: "5h" }]);
  expect(found[1]?.values[0]).toEqual({ path: "goal", before: null, after: '{"event":"order_created"}' });
});

it("takes null for a value: a key that became null has not gone", () => {
  const [line] = diffLines({
    changes: [{ kind: "changed", step: "s", keys: [{ path: "x", before: 1, after: null }] }],
    renamed: [],
    gone: [],
  });
  expect(line?.values).toEqual([{ path: "x", before: "1", after: "null" }]);
});

it("cuts a value that would fill the page", () => {
  expect(valueText("x".repeat(5000)).length).toBe(401);
});
