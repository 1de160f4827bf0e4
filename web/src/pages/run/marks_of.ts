// What a run's rows say about the steps of its recipe's graph. Pure.
import type { GraphShape } from "../../api/recipes";
import type { RunDetail, RunState } from "../../api/runs";
import { type Shape, stepShape, stepTones } from "../../ui/marks";
import { isLive } from "./timeline";

export interface StepWord {
  tone: RunState;
  icon: Shape;
  word: `step.${keyof typeof stepTones}` | "state.waiting" | "state.held";
  times: number; // how often the step was gone through
}

// By step: how it went last, and how often. Where the run waits now stands "waiting".
export function marksOf(run: RunDetail): Map<string, StepWord> {
  const marks = new Map<string, StepWord>();
  for (const row of [...run.steps].sort((a, b) => a.opened_ms - b.opened_ms || a.id - b.id)) {
    const times = (marks.get(row.step)?.times ?? 0) + 1;
    marks.set(row.step, { tone: stepTones[row.state], icon: stepShape(row.state), word: `step.${row.state}`, times });
  }
  const here = marks.get(run.at_step);
  if (run.hold && isLive(run))
    marks.set(run.at_step, { tone: "waiting", icon: "held", word: "state.held", times: here?.times ?? 1 });
  else if (run.state === "waiting") {
    marks.set(run.at_step, { tone: "waiting", icon: "waiting", word: "state.waiting", times: here?.times ?? 1 });
  }
  return marks;
}

// The steps in the order in which they were come to, with where the run stands, or the end that it reached.
export function trailOf(run: RunDetail, graph: Pick<GraphShape, "nodes">): string[] {
  const trail = [...run.steps].sort((a, b) => a.opened_ms - b.opened_ms || a.id - b.id).map((row) => row.step);
  if (run.at_step !== "" && trail.at(-1) !== run.at_step) trail.push(run.at_step);
  const end = run.state === "finished" ? graph.nodes.find((node) => node.kind === "end")?.id : undefined;
  if (end !== undefined) trail.push(end);
  return trail;
}
