// Recipes as the console's lists and graphs know them.
import { get, piece } from "./call";
import type { HoldKind } from "./runs";

export interface Recipe {
  id: number;
  name: string;
  title: string;
  enabled: boolean;
  version: number;
  hash: string;
  trigger: string;
  health?: { live: number; waiting: number; in_doubt: number; failed_day: number; last_started_ms: number | null };
  hold?: { kind: HoldKind; name: string } | null;
  problems_open?: number;
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
export interface RecipeGraph {
  version: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
  counts: Record<string, StepCounts>;
}
export const recipesApi = {
  list: async () => (await get<{ recipes: Recipe[] }>("/recipes")).recipes,
  graph: (name: string, version: number | null = null) =>
    get<RecipeGraph>(`/recipes/${piece(name)}/graph`, { version }),
};
