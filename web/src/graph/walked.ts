// The way of a run over its recipe's graph, from the steps that it recorded: what lies between two of them and records
// nothing (a branch, a set) was passed on the shortest way.
import type { GraphEdge, GraphShape } from "../api/recipes";

export interface Walked {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<GraphEdge>;
}

export function walked(graph: GraphShape, trail: readonly string[]): Walked {
  const known = new Set(graph.nodes.map((node) => node.id));
  const out = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const recorded = new Set(trail);
  const start = graph.nodes.find((node) => node.kind === "trigger")?.id;
  const stops = [...(start === undefined ? [] : [start]), ...trail].filter((id) => known.has(id));
  const nodes = new Set(stops);
  const edges = new Set<GraphEdge>();
  for (const [index, to] of stops.entries()) {
    const from = stops[index - 1];
    if (from === undefined || from === to) continue;
    for (const edge of shortest(out, from, to, recorded)) {
      edges.add(edge);
      nodes.add(edge.from).add(edge.to);
    }
  }
  return { nodes, edges };
}

function shortest(out: Map<string, GraphEdge[]>, from: string, to: string, closed: ReadonlySet<string>): GraphEdge[] {
  const came = new Map<string, GraphEdge>();
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const edge of out.get(at) ?? []) {
      if (came.has(edge.to) || edge.to === from) continue;
      came.set(edge.to, edge);
      if (edge.to === to) {
        const way: GraphEdge[] = [];
        for (let last = came.get(to); last; last = last.from === from ? undefined : came.get(last.from))
          way.unshift(last);
        return way;
      }
      if (!closed.has(edge.to)) queue.push(edge.to);
    }
  }
  return [];
}
