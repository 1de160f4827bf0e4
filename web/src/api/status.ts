// How the hub is: status, overview, throughput and the problems that it has met.
import { get, post } from "./call";

export interface Totals {
  events: number;
  events_accepted: number;
  events_quarantined: number;
  events_set_aside: number;
  runs: number;
  runs_acting: number;
  runs_waiting: number;
  runs_in_doubt: number;
  runs_failed: number;
  runs_finished: number;
}
export interface Status {
  version: string;
  started_ms: number;
  ended_cleanly: boolean; // the last time
  public_url: string | null;
  clock: { kind: "real" | "virtual"; now_ms: number };
  totals: Totals;
}
export interface Overview {
  now_ms: number;
  started_ms: number;
  totals: Totals;
  backlog: {
    events: number;
    oldest_ms: number | null;
    actions_due: number;
    oldest_due_ms: number | null;
    index_behind: number;
  };
  waits: { next_ms: number | null; within_hour: number; within_day: number };
  held: number;
  problems_open: number;
  connections_dead: string[];
  quotas: {
    connection: string;
    bucket: string;
    key?: string;
    limit: number;
    per_ms: number;
    used: number;
    waits_until_ms: number | null;
  }[];
  store: { bytes: number; wal_bytes: number; disk_free_bytes: number | null };
  holds: number;
}
export interface Slot {
  at_ms: number;
  events: number;
  started: number;
  ended: number;
  failed: number;
  steps: number;
}
export interface Throughput {
  step_ms: number;
  slots: Slot[];
}
export interface Problem {
  id: number;
  recipe: string | null;
  step: string;
  operation: string;
  connection: string | null;
  code: string;
  message: string;
  seen: number;
  since_open: number;
  reopened: number;
  first_ms: number;
  last_ms: number;
  last_run: number | null;
  state: "open" | "resolved";
  resolved_ms: number | null;
  resolved_by: string;
}
export interface ProblemPage {
  problems: Problem[];
  next: number | null;
}

export const statusApi = {
  status: () => get<Status>("/status"),
  overview: () => get<Overview>("/overview"),
  throughput: (minutes: number) => get<Throughput>("/throughput", { minutes }),
  problems: (state: Problem["state"], recipe: string | null, limit: number, before: number | null = null) =>
    get<ProblemPage>("/problems", { state, recipe, before, limit }),
  settle: (id: number, deed: "resolve" | "reopen") => post<unknown>(`/problems/${id}/${deed}`),
};
