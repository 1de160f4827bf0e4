// What a run did, in order, from the rows that the hub keeps. Past waits have no row: they show as the time between items.
import type { HubEvent } from "../../api/events";
import { type Attempt, type Decision, liveStates, type Run, type RunDetail, type Step } from "../../api/runs";

export const isLive = (run: Run): boolean => (liveStates as readonly string[]).includes(run.state);

export type Item =
  | { kind: "trigger"; at: number; event: HubEvent | null }
  | { kind: "step"; at: number; step: Step; decision: Decision | null; againAt: number | null }
  | { kind: "decision"; at: number; decision: Decision }
  | { kind: "wait"; at: number | null; step: string; until: number }
  | { kind: "end"; at: number; run: Run };

export function timeline(run: RunDetail): Item[] {
  const decisions = new Map(run.decisions.map((decision) => [decision.id, decision]));
  const items: Item[] = [];
  for (const step of run.steps) {
    const decision = step.decision === null ? null : (decisions.get(step.decision) ?? null);
    if (decision) decisions.delete(decision.id);
    const againAt = step.state === "intent" && step.attempt > 0 && run.state === "acting" ? run.due_ms : null;
    items.push({ kind: "step", at: step.opened_ms, step, decision, againAt });
  }
  // Judged without a step of its own.
  for (const decision of decisions.values()) items.push({ kind: "decision", at: decision.at_ms, decision });
  const order = (item: Item) => (item.kind === "step" ? item.step.id : 0);
  items.sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || order(a) - order(b));
  items.unshift({ kind: "trigger", at: run.trigger?.received_ms ?? run.started_ms, event: run.trigger });
  if (run.state === "waiting" && run.due_ms !== null) {
    items.push({ kind: "wait", at: null, step: run.at_step, until: run.due_ms });
  }
  if (run.ended_ms !== null) items.push({ kind: "end", at: run.ended_ms, run });
  return items;
}

// How long nothing happened before an item: from the end of the one before.
export function pauseBefore(items: Item[], index: number): number {
  const item = items[index];
  const before = items[index - 1];
  if (!item || !before || item.at === null) return 0;
  const left = before.kind === "step" ? (before.step.closed_ms ?? before.at) : before.at;
  return left === null ? 0 : Math.max(0, item.at - left);
}

// The step that waits for a person, what became of its last call, and whether the hub has asked the app about it since.
export interface Doubt {
  step: Step;
  last: Attempt | null;
  lookedUp: boolean;
}
export function doubtful(run: RunDetail): Doubt | null {
  if (run.state !== "in_doubt") return null;
  const step = run.steps.findLast((one) => one.state === "in_doubt");
  if (!step) return null;
  const attempts = step.exchange ?? [];
  const last = attempts.findLast((attempt) => !attempt.purpose) ?? null;
  return { step, last, lookedUp: attempts.at(-1)?.purpose === "look-up" };
}
