// Repair of many: holds with their release, and one action over many runs with a look ahead.
import { get, piece, post } from "./call";
import type { Effect, HoldKind, RunFilter } from "./runs";

export interface Hold {
  id: number;
  kind: HoldKind;
  name: string;
  reason: string;
  made_by: string;
  since_ms: number;
  until_ms: number | null;
  state: "holding" | "releasing"; // released ones stay until all that they held has had its turn
  per_minute: number | null; // of its release; 0: as fast as it goes
  expire_after_ms: number | null;
  expire_then: "skip" | "cancel";
  queued: number;
  oldest_ms: number | null;
}
export interface Expiry {
  expire_after?: string; // "6h"
  expire_then?: "skip" | "cancel";
}
export const holdsApi = {
  list: async () => (await get<{ holds: Hold[] }>("/holds")).holds,
  make: (hold: { kind: HoldKind; name?: string; reason: string; until_ms?: number } & Expiry) =>
    post<Hold>("/holds", hold),
  release: (id: number, how: { per_minute?: number } & Expiry) => post<Hold>(`/holds/${id}/release`, how),
};

// A filter as the search text that means the same, which is how a plan is told its runs.
export function asQuery(filter: Partial<RunFilter>): { q: string; from_ms?: number; until_ms?: number } {
  const { q = "", held, from_ms, until_ms, ...terms } = filter;
  const quoted = (value: string | number) =>
    /[\s"]/.test(String(value)) ? `"${String(value).replaceAll('"', "")}"` : String(value);
  const all = Object.entries(terms).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [`${name}:${quoted(value)}`],
  );
  return {
    q: [q.trim(), ...all, held ? "held:yes" : ""].filter(Boolean).join(" "),
    ...(from_ms ? { from_ms } : {}),
    ...(until_ms ? { until_ms } : {}),
  };
}

export const bulkActions = ["retry", "skip", "fail", "cancel", "replay"] as const;
export type BulkAction = (typeof bulkActions)[number];
// What would be done: a look ahead.
export interface BulkPreview {
  plan: string;
  action: BulkAction;
  total: number;
  capped: boolean;
  effects: Effect[];
  refused: { code: string; why: string; count: number; runs: number[] }[];
  expires_ms: number;
}
export interface BulkProgress {
  state: "planned" | "running" | "stopped" | "done";
  total: number;
  done: number;
  failed: number;
  problems: { run: number | null; code: string; message: string }[]; // null: of the plan as a whole
}
// One that was begun, by whomever.
export interface BulkPlan extends BulkProgress {
  plan: string;
  action: BulkAction;
  by: string;
  made_ms: number;
  q: string; // "": runs that were chosen one by one
}
export const bulkApi = {
  preview: (action: BulkAction, which: { runs: number[] } | Partial<RunFilter>) =>
    post<BulkPreview>("/bulk/preview", { action, ...("runs" in which ? which : asQuery(which)) }),
  list: async () => (await get<{ plans: BulkPlan[] }>("/bulk")).plans,
  begin: (plan: string, per_minute?: number) => post<unknown>(`/bulk/${piece(plan)}`, per_minute ? { per_minute } : {}),
  progress: (plan: string) => get<BulkProgress>(`/bulk/${piece(plan)}`),
  stop: (plan: string) => post<unknown>(`/bulk/${piece(plan)}/stop`),
};
