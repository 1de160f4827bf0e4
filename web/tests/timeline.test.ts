import { describe, expect, it } from "vitest";
import type { Decision, RunDetail, Step } from "../src/api/runs";
import { doubtful, pauseBefore, timeline } from "../src/pages/run/timeline";
import { aRun } from "./samples";

const aStep = (change: Partial<Step>): Step => ({
  id: 1,
  step: "remind",
  iteration: 0,
  state: "done",
  operation: "kakao.alimtalk.send",
  connection: "kakao",
  attempt: 1,
  key: "key",
  decision: null,
  inputs: null,
  exchange: null,
  output: null,
  error: null,
  opened_ms: 2_000,
  closed_ms: 2_300,
  ...change,
});
const aDecision = (change: Partial<Decision>): Decision => ({
  id: 5,
  step: "remind",
  at_ms: 2_000,
  allowed: true,
  reason: "",
  channel: "kakao_alimtalk",
  class: "info",
  basis: "",
  until_ms: null,
  ...change,
});
const aDetail = (change: Partial<RunDetail>): RunDetail => ({
  ...aRun(1),
  hash: "abc",
  vars: {},
  steps: [],
  decisions: [],
  trigger: null,
  ...change,
});

describe("timeline", () => {
  it("puts steps in order of time, then of id, with the decision that each names", () => {
    const items = timeline(
      aDetail({
        steps: [aStep({ id: 3, opened_ms: 9_000 }), aStep({ id: 2, decision: 5 }), aStep({ id: 1 })],
        decisions: [aDecision({})],
      }),
    );
    expect(items.map((item) => (item.kind === "step" ? item.step.id : item.kind))).toEqual(["trigger", 1, 2, 3]);
    expect(items[2]).toMatchObject({ decision: { id: 5 } });
    expect(items[1]).toMatchObject({ decision: null });
  });
  it("shows a decision that no step names on its own", () => {
    const items = timeline(aDetail({ decisions: [aDecision({ allowed: false, reason: "no_address" })] }));
    expect(items.map((item) => item.kind)).toEqual(["trigger", "decision"]);
  });
  it("ends with the wait of a waiting run, or with the end", () => {
    expect(timeline(aDetail({ state: "waiting", at_step: "think", due_ms: 99 })).at(-1)).toEqual({
      kind: "wait",
      at: null,
      step: "think",
      until: 99,
    });
    expect(timeline(aDetail({ state: "failed", ended_ms: 7 })).at(-1)).toMatchObject({ kind: "end", at: 7 });
  });
  it("says when an open step is tried again, and not before its first attempt", () => {
    const again = aDetail({ state: "acting", due_ms: 8_000, steps: [aStep({ state: "intent", attempt: 2 })] });
    expect(timeline(again)[1]).toMatchObject({ againAt: 8_000 });
    const first = aDetail({ state: "acting", due_ms: 8_000, steps: [aStep({ state: "intent", attempt: 0 })] });
    expect(timeline(first)[1]).toMatchObject({ againAt: null });
  });
  it("measures the pause from the end of the item before", () => {
    const items = timeline(aDetail({ started_ms: 1_000, steps: [aStep({}), aStep({ id: 2, opened_ms: 62_300 })] }));
    expect(items.map((_, index) => pauseBefore(items, index))).toEqual([0, 1_000, 60_000]);
  });
});

describe("doubtful", () => {
  it("finds the open step and the last that is known of it", () => {
    const last = {
      at_ms: 3,
      request: { method: "POST", url: "", headers: {}, body: "" },
      failure: { code: "connection_lost", message: "", sent: "maybe" as const },
    };
    const step = aStep({ id: 2, state: "in_doubt", exchange: [{ ...last, at_ms: 1 }, last] });
    const run = aDetail({ state: "in_doubt", steps: [aStep({}), step] });
    expect(doubtful(run)).toEqual({ step, last, lookedUp: false });
  });
  it("tells the call itself from the look-ups that came after it", () => {
    const request = { method: "POST", url: "", headers: {}, body: "" };
    const call = { at_ms: 1, request, failure: { code: "call_timeout", message: "", sent: "maybe" as const } };
    const lookUp = { at_ms: 2, purpose: "look-up", request, answer: { status: 500, headers: {}, body: "" } };
    const run = aDetail({ state: "in_doubt", steps: [aStep({ state: "in_doubt", exchange: [call, lookUp] })] });
    expect(doubtful(run)).toMatchObject({ last: call, lookedUp: true });
  });
  it("is silent about a run that went on (on_doubt: skip)", () => {
    expect(doubtful(aDetail({ state: "finished", steps: [aStep({ state: "in_doubt" })] }))).toBeNull();
  });
});
