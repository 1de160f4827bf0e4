import { describe, expect, it } from "vitest";
import type { RunDetail, Step } from "../src/api/runs";
import { marksOf, trailOf } from "../src/pages/run/marks_of";
import { outputSample, problemOf } from "../src/pages/run/substitute";
import { aRun } from "./samples";

const row = (id: number, step: string, change: Partial<Step> = {}): Step => ({
  id,
  step,
  iteration: 0,
  state: "done",
  operation: "slack.message.post",
  connection: "slack",
  attempt: 1,
  key: "",
  decision: null,
  inputs: null,
  exchange: null,
  output: null,
  error: null,
  opened_ms: id * 1_000,
  closed_ms: id * 1_000 + 5,
  ...change,
});
const aDetail = (change: Partial<RunDetail>): RunDetail => ({
  ...aRun(1, { at_step: "" }),
  hash: "",
  vars: null,
  steps: [],
  decisions: [],
  trigger: null,
  ...change,
});

describe("a run on its recipe's graph", () => {
  it("shows how each step went last, and how often it was gone through", () => {
    const marks = marksOf(aDetail({ steps: [row(2, "each", { state: "failed" }), row(1, "each"), row(3, "tell")] }));
    expect(marks.get("each")).toMatchObject({ tone: "failed", times: 2 });
    expect(marks.get("tell")).toMatchObject({ tone: "finished", times: 1 });
  });
  it("shows where the run waits, and that it is held", () => {
    expect(marksOf(aDetail({ state: "waiting", at_step: "think" })).get("think")?.word).toBe("state.waiting");
    const hold = { kind: "recipe" as const, name: "x" };
    expect(marksOf(aDetail({ state: "acting", at_step: "send", hold })).get("send")?.word).toBe("state.held");
    expect(marksOf(aDetail({ state: "finished", at_step: "send", hold })).has("send")).toBe(false);
  });
  it("keeps steps apart that are named like members of every object", () => {
    const marks = marksOf(aDetail({ steps: [row(1, "__proto__"), row(2, "constructor", { state: "failed" })] }));
    expect([...marks.keys()]).toEqual(["__proto__", "constructor"]);
    expect(marks.get("toString")).toBeUndefined();
  });
  it("goes in order of time to where the run stands, or to the end", () => {
    const graph = {
      nodes: [
        { id: "end", kind: "end" as const, title: "", operation: null, connection: null, line: null, parent: null },
      ],
    };
    const steps = [row(2, "b"), row(1, "a")];
    expect(trailOf(aDetail({ steps, at_step: "if" }), graph)).toEqual(["a", "b", "if"]);
    expect(trailOf(aDetail({ steps, at_step: "b", state: "finished" }), graph)).toEqual(["a", "b", "end"]);
  });
});

describe("a substitute answer", () => {
  it("begins with one value for each output, also for odd names", () => {
    const sample = outputSample([
      { name: "ts", type: "string" },
      { name: "count", type: "integer" },
      { name: "__proto__", type: "object" },
      { name: "odd", type: "constructor" },
    ]);
    expect(JSON.stringify(sample)).toBe('{"ts":"","count":0,"__proto__":{},"odd":null}');
    expect(Object.getPrototypeOf(sample)).toBe(Object.prototype);
  });
  it("is a JSON object, or says why not", () => {
    expect(problemOf('{"a": 1}')).toBeNull();
    expect(problemOf("[1]")).not.toBeNull();
    expect(problemOf("null")).not.toBeNull();
    expect(problemOf('{"a": }')).not.toBeNull();
  });
});
