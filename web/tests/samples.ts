// Runs for tests.
import type { Run } from "../src/api/runs";

export const aRun = (id: number, change: Partial<Run> = {}): Run => ({
  id,
  recipe: "cart-rescue",
  version: 1,
  customer: 17,
  key: "",
  state: "acting",
  rev: 4,
  at_step: "remind",
  due_ms: null,
  event: 9,
  started_ms: 1_000,
  ended_ms: null,
  reason: "",
  hold: null,
  replay_of: null,
  ...change,
});
