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
// Sizes are null where nobody knows them.
export interface StoreSpace {
  bytes: number;
  free_page_bytes: number; // of it, used again before it grows
  wal_bytes: number;
  wal_held_since_ms: number | null; // somebody reads and keeps the log from being emptied
  keep_bytes: number | null; // stays below
  disk_free_bytes: number | null;
  disk_bytes: number | null;
  low_below_bytes: number | null;
  full_below_bytes: number | null;
  room: "enough" | "low" | "full"; // full: no delivery is taken
  room_since_ms: number | null;
  grows_bytes_per_day: number | null;
  full_at_ms: number | null; // at this rate
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
  hosts: {
    host: string;
    state: "closed" | "open" | "half_open" | "rising";
    failing_since_ms: number | null;
    next_try_ms: number | null;
    under_way: number;
    waiting: number;
    away: number;
    long: boolean;
  }[];
  store: StoreSpace;
  holds: number;
  hub_hold: { id: number; reason: string; made_by: string; since_ms: number; state: "holding" | "releasing" } | null;
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
