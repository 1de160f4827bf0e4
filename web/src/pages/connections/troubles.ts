// What is wrong with a connection, worst first: what a person must mend, what the hub tries again by itself, what would
// only be nicer. And the order of the list: dead ones first.
import type { Connection } from "../../api/connections";

export interface ConnectionTrouble {
  kind: "missing" | "dead" | "login" | "problem" | "drift" | "no_address" | "webhook" | "poll" | "hint";
  what: string; // the connector, the poll or the webhook that it is about
  item: string; // the element of it: a form, a sheet
  why: string; // the vendor's or the hub's own words
  again_ms: number | null; // when the hub tries again by itself
  failures: number;
  grave: boolean;
}

const needsAddress = (text: string) => text.includes("--public-url");

export function troublesOf(connection: Connection): ConnectionTrouble[] {
  const trouble = (kind: ConnectionTrouble["kind"], more: Partial<ConnectionTrouble>): ConnectionTrouble => ({
    kind,
    what: "",
    item: "",
    why: "",
    again_ms: null,
    failures: 0,
    grave: kind === "missing" || kind === "dead" || kind === "login",
    ...more,
  });
  if (!connection.installed) return [trouble("missing", { what: connection.connector })];
  const { state, problem = "", drift = "" } = connection.health;
  if (state === "dead") return [trouble("dead", { why: problem })];
  if (state === "login") return [trouble("login", {})];
  const found: ConnectionTrouble[] = [];
  if (problem) found.push(trouble("problem", { why: problem }));
  if (drift) found.push(trouble("drift", { why: drift }));
  for (const one of connection.subscriptions ?? []) {
    if (!one.problem) continue;
    const about = { what: one.subscription, item: one.item };
    found.push(
      needsAddress(one.problem)
        ? trouble("no_address", about)
        : trouble("webhook", { ...about, why: one.problem, again_ms: one.due_ms || null, failures: one.failures }),
    );
  }
  for (const one of connection.polls ?? []) {
    if (!one.problem) continue;
    const about = { what: one.poll, item: one.item };
    found.push(trouble("poll", { ...about, why: one.problem, again_ms: one.due_ms || null, failures: one.failures }));
  }
  for (const one of connection.subscriptions ?? [])
    if (one.hint) found.push(trouble("hint", { what: one.subscription, item: one.item, why: one.hint }));
  return found;
}

export type Wellness = "dead" | "login" | "problem" | "ok";
export function wellnessOf(connection: Connection): Wellness {
  if (!connection.installed || connection.health.state === "dead") return "dead";
  if (connection.health.state === "login") return "login";
  return troublesOf(connection).some((trouble) => trouble.kind !== "hint") ? "problem" : "ok";
}

const rank: Record<Wellness, number> = { dead: 0, login: 1, problem: 2, ok: 3 };
export const worstFirst = (connections: readonly Connection[]): Connection[] =>
  [...connections].sort(
    (a, b) => rank[wellnessOf(a)] - rank[wellnessOf(b)] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );

// Where deliveries go; the secret at its end only when somebody asked to see it.
export function addressOf(connection: Connection, secret: string | null): string {
  const base = connection.hook_url ?? connection.hook ?? "";
  if (base === "" || !connection.hook_secret) return base;
  return `${base.replace(/\/$/, "")}/${secret ?? "••••••••"}`;
}
