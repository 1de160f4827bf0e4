// Runs: the list with its search, one run with all that it did, and what a person may do about it.
import type { Both } from "../text/surroundings";
import { get, piece, post } from "./call";
import type { HubEvent } from "./events";

export const liveStates = ["acting", "waiting", "in_doubt"] as const;
export const endStates = ["failed", "finished", "exited", "stopped", "cancelled"] as const;
export const runStates = [...liveStates, ...endStates] as const;
export type RunState = (typeof runStates)[number];
export type StepState = "intent" | "done" | "failed" | "in_doubt" | "cancelled" | "skipped";
export type HoldKind = "hub" | "recipe" | "connection" | "connector"; // hub: all that goes out

export interface Run {
  id: number;
  recipe: string | null;
  version: number;
  customer: number | null;
  key: string;
  state: RunState;
  rev: number; // moves with the run
  at_step: string;
  due_ms: number | null;
  event: number | null;
  started_ms: number;
  ended_ms: number | null;
  reason: string;
  hold: { kind: HoldKind | ""; name: string } | null; // "": of nobody who is named
  replay_of?: number | null; // not told by the live feed
  found?: string | null; // where the search text was found
}
// How the hub read the search text.
export interface Term {
  kind: "field" | "text" | "filter";
  name?: string;
  value: string;
}
export interface RunPage {
  runs: Run[];
  next: number | null;
  terms?: Term[];
}
export interface RunFilter {
  q: string;
  state: RunState | null;
  recipe: string | null;
  customer: number | null;
  event: number | null;
  connection: string | null;
  reason: string | null;
  problem: number | null;
  held: boolean;
  replay_of: number | null;
  from_ms: number | null;
  until_ms: number | null;
}

export type Body = string | { base64: string; bytes: number };
export interface Attempt {
  at_ms: number;
  purpose?: string; // "look-up": asked whether an earlier call had arrived
  request: { method: string; url: string; headers: Record<string, string>; body: Body };
  answer?: { status: number; headers: Record<string, string>; body: Body };
  failure?: { code: string; message: string; sent: "nothing" | "maybe" };
}
export interface Step {
  id: number;
  step: string;
  iteration: number;
  state: StepState;
  operation: string;
  connection: string | null;
  attempt: number;
  key: string;
  decision: number | null;
  inputs: unknown;
  exchange: Attempt[] | null;
  output: unknown;
  error: { code: string; message: string } | null;
  opened_ms: number;
  closed_ms: number | null;
}
export interface Decision {
  id: number;
  step: string;
  at_ms: number;
  allowed: boolean;
  reason: string;
  channel: string;
  class: string;
  basis: string;
  until_ms: number | null;
}
export interface Doubt {
  since_ms: number;
  code: string;
  message: string;
  bytes: { sent: "nothing" | "maybe"; at_ms: number };
  look_up: boolean;
  would: Both; // what the vendor would do with a repeat
  on_doubt: string;
}
export const runActions = ["look_up", "retry", "resume", "skip", "fail", "move", "replay", "cancel"] as const;
export type RunAction = (typeof runActions)[number];
export interface Allowed {
  name: RunAction;
  allowed: boolean;
  code?: string; // and why, where it is not
  why?: string;
}
export interface RunDetail extends Run {
  hash: string | null;
  vars: Record<string, unknown> | null;
  steps: Step[];
  decisions: Decision[];
  trigger: HubEvent | null;
  replays?: { run: number; nth: number; made_by: string; at_ms: number }[];
  doubt?: Doubt | null;
  actions?: Allowed[];
}
// What a replay would do again.
export interface Effect {
  step: string;
  operation: string;
  connection: string | null;
  reaches: "customer" | "team" | "system" | null; // null: the connector has no such operation any more
  channel: string | null;
  title: Both;
  count: number;
  to: string[];
}

// A run as the person saw it who decides: when it has moved since, the hub refuses with "moved_on".
export type Seen = Pick<Run, "id" | "rev">;

const run = (id: number, deed = "") => `/runs/${id}${deed && `/${deed}`}`;
export const runsApi = {
  list: (filter: Partial<RunFilter>, limit: number, before: number | null = null, signal?: AbortSignal) =>
    get<RunPage>("/runs", { ...filter, held: filter.held ? "yes" : null, before, limit }, signal),
  fields: async () => (await get<{ fields: string[] }>("/search/fields")).fields,
  one: (id: number) => get<RunDetail>(run(id)),
  act: ({ id, rev }: Seen, action: Exclude<RunAction, "resume" | "replay">) => post<Run>(run(id, action), { rev }),
  resume: ({ id, rev }: Seen, output: unknown) => post<Run>(run(id, "resume"), { output, rev }),
  effects: (id: number) => get<{ nth: number; effects: Effect[] }>(run(id, "effects")),
  replay: (id: number, nth: number) => post<Run>(run(id, "replay"), { nth }),
  record: (id: number) => get<unknown>(run(id, "record")),
};
export const runsOfRecipe = (name: string): string => `/runs?recipe=${piece(name)}`;
