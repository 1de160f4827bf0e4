// Recipes as the hub tells them: what is in force, what a change would do, and how a trial went.
import { get, piece, post } from "./call";

export interface Finding {
  severity: "error" | "warning";
  code: string;
  message: string;
  mend: string;
  line: number;
  column: number;
}
export interface RecipeHealth {
  live: number;
  waiting: number;
  in_doubt: number;
  failed_day: number;
  last_started_ms: number | null;
}
export interface Recipe {
  id: number;
  name: string;
  title: string;
  enabled: boolean;
  version: number;
  hash: string;
  trigger: string;
  health?: RecipeHealth;
  problems_open?: number;
}
export interface Version {
  id: number;
  hash: string;
  created_ms: number;
  current: boolean;
  live: number;
}
export interface VersionText {
  source: string;
  format: "yaml" | "json";
  hash: string;
  created_ms: number;
}
export interface RecipeDetail extends Recipe {
  source: string;
  format: "yaml" | "json";
  applied_ms: number;
  live_runs: number;
  versions?: Version[];
  findings?: Finding[];
}

export const nodeKinds = [
  "trigger",
  "use",
  "wait",
  "wait_for",
  "branch",
  "switch",
  "for_each",
  "repeat",
  "split",
  "set",
  "stop",
  "end",
] as const;
export type NodeKind = (typeof nodeKinds)[number];
export interface GraphNode {
  id: string;
  kind: NodeKind;
  title: string;
  operation: string | null;
  connection: string | null;
  line: number | null;
  parent: string | null;
}
export interface GraphEdge {
  from: string;
  to: string;
  label: string;
  kind: "next" | "yes" | "no" | "case" | "timeout" | "error" | "item" | "again";
}
export interface StepCounts {
  standing: number; // live runs there now
  done: number; // these and the next: of the newest 1,000 runs
  failed: number;
  in_doubt: number;
  skipped: number;
}
export interface GraphShape {
  nodes: GraphNode[];
  edges: GraphEdge[];
}
export interface RecipeGraph extends GraphShape {
  version: number;
  counts: Record<string, StepCounts>;
}

export interface KeyChange {
  path: string;
  before?: unknown;
  after?: unknown;
}
export interface Change {
  kind: "header" | "test" | "added" | "removed" | "moved" | "changed";
  step?: string;
  what?: string;
  from?: string;
  to?: string;
  keys?: KeyChange[];
}
export interface Diff {
  changes: Change[];
  renamed: { from: string; to: string }[];
  gone: string[];
}
export interface PlannedRecipe {
  name: string;
  title: string;
  file: string;
  state: "new" | "changed" | "unchanged" | "invalid";
  hash: string;
  findings: Finding[];
  diff?: Diff;
  diff_text?: string;
  waiting: { version: number; hash: string; step: string; count: number; can_move: boolean; why: string }[];
  absences?: { pending: number; note: string };
}
export type RunsBecome = "stay" | "move" | "cancel";
export interface Applied {
  recipes: { name: string; version: number; hash: string; changed: boolean; warnings: Finding[] }[];
  runs: {
    moved: number;
    cancelled: number;
    stayed: number;
    why: { recipe: string; version: number; step: string; why: string; count: number; runs: number[] }[];
  };
}

// One visit of a step, one thing that was sent, one way that was taken; times are those of the virtual clock.
export interface TrialVisit {
  at_ms: number;
  step: string;
  operation: string;
  state: string;
  inputs: unknown;
  output: unknown;
  error: { code: string; message: string } | null;
}
export interface TrialSent {
  at_ms: number;
  step: string;
  channel: string;
  to: string;
  title: string;
  text: string;
  inputs: unknown;
}
export interface Trial {
  started_ms: number;
  runs: { state: string; reason: string }[];
  not_started: string[];
  errors: string[];
  steps: TrialVisit[];
  messages: TrialSent[];
  path: { at_ms: number; from: string; to: string }[];
  graph?: GraphShape; // of what was tried: a draft has steps that the one in force lacks
}
export interface TrialWish {
  event?: number;
  connection?: string;
  topic?: string;
  data?: unknown;
  source?: string;
  format?: string;
  days?: number;
}

const at = (name: string, more = "") => `/recipes/${piece(name)}${more}`;
const asText = (source: string, format: string, name: string) => [{ source, format, file: `${name}.${format}` }];

export const recipesApi = {
  list: async () => (await get<{ recipes: Recipe[] }>("/recipes")).recipes,
  one: (name: string) => get<RecipeDetail>(at(name)),
  graph: (name: string, version: number | null = null) => get<RecipeGraph>(at(name, "/graph"), { version }),
  version: (name: string, id: number) => get<VersionText>(at(name, `/versions/${id}`)),
  diff: (name: string, from: number, to: number) =>
    get<{ diff: Diff; diff_text: string }>(at(name, "/diff"), { from, to }),
  enable: (name: string, on: boolean) => post<Recipe>(at(name, on ? "/enable" : "/disable")),
  plan: async (source: string, format: string, name: string) =>
    (await post<{ recipes: PlannedRecipe[] }>("/recipes/plan", { recipes: asText(source, format, name) })).recipes[0],
  apply: (source: string, format: string, name: string, runs: RunsBecome) =>
    post<Applied>("/recipes/apply", { recipes: asText(source, format, name), runs }),
  try: (name: string, wish: TrialWish) => post<Trial>(at(name, "/try"), wish),
};
