// The hub's admin API, typed. Every call either gives its value or throws ApiError; the session travels as a cookie.
import { parseExact, pretty } from "./json_text";

export const liveStates = ["acting", "waiting", "in_doubt"] as const;
export const endStates = ["failed", "finished", "exited", "stopped", "cancelled"] as const;
export const runStates = [...liveStates, ...endStates] as const;
export type RunState = (typeof runStates)[number];
export type StepState = "intent" | "done" | "failed" | "in_doubt" | "cancelled" | "skipped";

export interface Run {
  id: number;
  recipe: string | null;
  version: number;
  customer: number | null;
  key: string;
  state: RunState;
  at_step: string;
  due_ms: number | null;
  event: number | null;
  started_ms: number;
  ended_ms: number | null;
  reason: string;
}
export interface RunPage {
  runs: Run[];
  next: number | null;
}
export interface RunFilter {
  state: RunState | null;
  recipe: string | null;
  customer: number | null;
  event: number | null;
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
}
export interface HubEvent {
  id: number;
  connection: string | null;
  topic: string;
  state: "accepted" | "routed" | "quarantined" | "set_aside";
  reason: string;
  received_ms: number;
  method: string;
  path: string;
  headers: Record<string, string> | null;
  body?: string;
  body_base64?: string;
}
export interface RunDetail extends Run {
  hash: string | null;
  vars: Record<string, unknown> | null;
  steps: Step[];
  decisions: Decision[];
  trigger: HubEvent | null;
}
export interface Customer {
  id: number;
  traits: Record<string, { value: unknown }> | null;
  identities: { kind: string; value: string }[];
}
export interface Recipe {
  name: string;
  title: string;
  enabled: boolean;
}
export interface Connection {
  name: string;
  connector: string;
  enabled: boolean;
}
export interface Connector {
  name: string;
  events: { topic: string; title: { ko: string; en: string }; samples?: Record<string, unknown> }[];
}
export interface Status {
  version: string;
  started_ms: number;
  clock: { kind: "real" | "virtual"; now_ms: number };
  totals: {
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
  };
}

// status 0: no answer came ("unreachable").
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly mend = "",
  ) {
    super(message);
  }
}

const patience = 20_000;

async function call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  const request: RequestInit = { method, credentials: "same-origin", signal: AbortSignal.timeout(patience) };
  if (method === "POST") {
    request.headers = { "Content-Type": "application/json" };
    request.body = pretty(body ?? {});
  }
  let status = 0;
  let text: string;
  try {
    const answer = await fetch(path, request);
    status = answer.status;
    text = await answer.text();
  } catch (cause) {
    throw new ApiError(0, "unreachable", cause instanceof Error ? cause.message : String(cause));
  }
  let value: unknown;
  try {
    value = parseExact(text);
  } catch {
    throw new ApiError(status, "strange_answer", `status ${status}, and no JSON`);
  }
  if (status >= 200 && status < 300) return value as T;
  const error = (value as { error?: { code?: string; message?: string; mend?: string } } | null)?.error;
  throw new ApiError(status, error?.code ?? "strange_answer", error?.message ?? `status ${status}`, error?.mend);
}

export function runQuery(filter: RunFilter, limit: number, before: number | null): string {
  const query = new URLSearchParams();
  if (filter.state) query.set("state", filter.state);
  if (filter.recipe) query.set("recipe", filter.recipe);
  if (filter.customer) query.set("customer", String(filter.customer));
  if (filter.event) query.set("event", String(filter.event));
  if (before) query.set("before", String(before));
  query.set("limit", String(limit));
  return query.toString();
}

const named = (path: string, name: string) => `/api/v1/${path}/${encodeURIComponent(name)}`;

export const api = {
  status: () => call<Status>("GET", "/api/v1/status"),
  runs: (filter: RunFilter, limit: number, before: number | null = null) =>
    call<RunPage>("GET", `/api/v1/runs?${runQuery(filter, limit, before)}`),
  run: (id: number) => call<RunDetail>("GET", `/api/v1/runs/${id}`),
  cancel: (id: number) => call<Run>("POST", `/api/v1/runs/${id}/cancel`),
  retry: (id: number) => call<Run>("POST", `/api/v1/runs/${id}/retry`),
  customer: (id: number) => call<Customer>("GET", `/api/v1/customers/${id}`),
  recipes: async () => (await call<{ recipes: Recipe[] }>("GET", "/api/v1/recipes")).recipes,
  connections: async () => (await call<{ connections: Connection[] }>("GET", "/api/v1/connections")).connections,
  connector: (name: string) => call<Connector>("GET", named("connectors", name)),
  sendEvent: (connection: string, topic: string, data: unknown) =>
    call<{ receipt: string }>("POST", "/api/v1/events", { connection, topic, data }),
  logIn: (code: string) => call<{ expires_ms: number }>("POST", "/api/v1/sessions", { code }),
  logOut: () => call<unknown>("DELETE", "/api/v1/sessions"),
};
export type Api = typeof api;
