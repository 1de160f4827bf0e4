// Where the steps of a recipe stand: layers from the trigger downwards, by the longest way to each; in a layer so that
// few lines cross; a line that passes layers keeps a lane of its own. Pure: the same graph gives the same picture.
import type { GraphEdge, GraphNode } from "../api/recipes";

export const size = { width: 208, height: 62, across: 28, down: 46, lane: 18 };

export interface Point {
  x: number;
  y: number;
}
export interface Placed {
  node: GraphNode;
  x: number;
  y: number;
  layer: number;
}
export interface Line {
  edge: GraphEdge;
  points: Point[]; // from the middle of one node's lower edge to that of the other's upper edge
  back: boolean; // goes up again
}
export interface Layout {
  nodes: Placed[];
  lines: Line[];
  width: number;
  height: number;
}

// A node, or the place where a long line passes a layer.
interface Cell {
  id: string;
  width: number;
  x: number;
  above: Cell[];
  below: Cell[];
}

export function layout(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Layout {
  const known = new Map(nodes.map((node, index) => [node.id, index]));
  const usable = edges.filter((edge) => known.has(edge.from) && known.has(edge.to));
  const back = backwards(nodes, usable);
  const forward = usable.filter((edge) => !back.has(edge));
  const layerOf = layers(nodes, forward);
  const rows: Cell[][] = [];
  const cells = new Map<string, Cell>();
  const cell = (id: string, layer: number, width: number): Cell => {
    const made: Cell = { id, width, x: 0, above: [], below: [] };
    while (rows.length <= layer) rows.push([]);
    rows[layer]?.push(made);
    return made;
  };
  for (const node of nodes) cells.set(node.id, cell(node.id, layerOf.get(node.id) ?? 0, size.width));
  const join = (from: Cell, to: Cell) => {
    from.below.push(to);
    to.above.push(from);
  };
  const ways = forward.map((edge, index) => {
    const from = cells.get(edge.from) as Cell;
    const to = cells.get(edge.to) as Cell;
    const way: Cell[] = [];
    let last = from;
    for (let layer = (layerOf.get(edge.from) ?? 0) + 1; layer < (layerOf.get(edge.to) ?? 0); layer++) {
      const lane = cell(`${index} ${layer}`, layer, size.lane);
      join(last, lane);
      way.push(lane);
      last = lane;
    }
    join(last, to);
    return { edge, way };
  });
  order(rows);
  place(rows);
  const left = Math.min(0, ...rows.flat().map((one) => one.x - one.width / 2));
  for (const one of rows.flat()) one.x -= left;
  const step = size.height + size.down;
  const layerY = (layer: number) => layer * step;
  const placed = nodes.map((node): Placed => {
    const layer = layerOf.get(node.id) ?? 0;
    return { node, layer, x: (cells.get(node.id)?.x ?? 0) - size.width / 2, y: layerY(layer) };
  });
  const right = Math.max(0, ...rows.flat().map((one) => one.x + one.width / 2));
  const lines = ways.map(({ edge, way }): Line => {
    const from = layerOf.get(edge.from) ?? 0;
    const points = [{ x: cells.get(edge.from)?.x ?? 0, y: layerY(from) + size.height }];
    for (const [index, lane] of way.entries()) {
      const y = layerY(from + 1 + index);
      points.push({ x: lane.x, y }, { x: lane.x, y: y + size.height });
    }
    points.push({ x: cells.get(edge.to)?.x ?? 0, y: layerY(layerOf.get(edge.to) ?? 0) });
    return { edge, points, back: false };
  });
  let lane = 0;
  for (const edge of back) {
    lane += 1;
    const from = {
      x: (cells.get(edge.from)?.x ?? 0) + size.width / 2,
      y: layerY(layerOf.get(edge.from) ?? 0) + size.height / 2,
    };
    const to = {
      x: (cells.get(edge.to)?.x ?? 0) + size.width / 2,
      y: layerY(layerOf.get(edge.to) ?? 0) + size.height / 2,
    };
    const x = right + lane * size.lane;
    lines.push({ edge, points: [from, { x, y: from.y }, { x, y: to.y }, to], back: true });
  }
  return { nodes: placed, lines, width: right + lane * size.lane, height: rows.length * step - size.down };
}

// The edges that lead back to where a way came from.
function backwards(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Set<GraphEdge> {
  const out = new Map<string, GraphEdge[]>();
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const back = new Set(edges.filter((edge) => edge.kind === "again"));
  const state = new Map<string, "open" | "done">();
  for (const start of nodes) {
    if (state.has(start.id)) continue;
    const stack = [{ id: start.id, next: 0 }];
    state.set(start.id, "open");
    while (stack.length > 0) {
      const top = stack.at(-1) as { id: string; next: number };
      const edge = (out.get(top.id) ?? [])[top.next++];
      if (!edge) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(edge.to) === "open") back.add(edge);
      else if (!back.has(edge) && !state.has(edge.to)) {
        state.set(edge.to, "open");
        stack.push({ id: edge.to, next: 0 });
      }
    }
  }
  return back;
}

function layers(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Map<string, number> {
  const layer = new Map(nodes.map((node) => [node.id, 0]));
  const open = new Map(nodes.map((node) => [node.id, 0]));
  for (const edge of edges) open.set(edge.to, (open.get(edge.to) ?? 0) + 1);
  const ready = nodes.filter((node) => open.get(node.id) === 0).map((node) => node.id);
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    for (const edge of edges) {
      if (edge.from !== id) continue;
      layer.set(edge.to, Math.max(layer.get(edge.to) ?? 0, (layer.get(id) ?? 0) + 1));
      const left = (open.get(edge.to) ?? 1) - 1;
      open.set(edge.to, left);
      if (left === 0) ready.push(edge.to);
    }
  }
  return layer;
}

// Sorts each row by where its neighbours stand, down and up a few times. Rows begin in the order of the recipe's text.
function order(rows: Cell[][]): void {
  const sort = (row: Cell[], beside: Cell[] | undefined, side: "above" | "below") => {
    const at = new Map((beside ?? []).map((one, index) => [one, index]));
    const middle = new Map(
      row.map((one, index) => {
        const found = one[side].map((other) => at.get(other)).filter((place) => place !== undefined);
        return [one, found.length === 0 ? index : found.reduce((sum, place) => sum + place, 0) / found.length];
      }),
    );
    row.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
  };
  for (let round = 0; round < 4; round++) {
    for (let layer = 1; layer < rows.length; layer++) sort(rows[layer] ?? [], rows[layer - 1], "above");
    if (round === 3) break;
    for (let layer = rows.length - 2; layer >= 0; layer--) sort(rows[layer] ?? [], rows[layer + 1], "below");
  }
}

// Each cell over or under the middle of its neighbours, as far as the row leaves room.
function place(rows: Cell[][]): void {
  for (const row of rows) {
    let x = 0;
    for (const one of row) {
      one.x = x + one.width / 2;
      x += one.width + size.across;
    }
    for (const one of row) one.x -= (x - size.across) / 2;
  }
  const pull = (row: Cell[], side: "above" | "below") => {
    const wish = row.map((one) => {
      const all = one[side];
      return all.length === 0 ? one.x : all.reduce((sum, other) => sum + other.x, 0) / all.length;
    });
    // Apart from left to right and from right to left; the middle of both keeps to the wish and overlaps nothing.
    const gap = (a: Cell, b: Cell) => (a.width + b.width) / 2 + size.across;
    const fromLeft: number[] = [];
    for (const [index, one] of row.entries()) {
      const before = row[index - 1];
      fromLeft.push(
        before ? Math.max(wish[index] ?? 0, (fromLeft[index - 1] ?? 0) + gap(before, one)) : (wish[index] ?? 0),
      );
    }
    const fromRight: number[] = [];
    for (let index = row.length - 1; index >= 0; index--) {
      const one = row[index] as Cell;
      const after = row[index + 1];
      fromRight[index] = after
        ? Math.min(wish[index] ?? 0, (fromRight[index + 1] ?? 0) - gap(one, after))
        : (wish[index] ?? 0);
    }
    for (const [index, one] of row.entries()) one.x = ((fromLeft[index] ?? 0) + (fromRight[index] ?? 0)) / 2;
  };
  for (let round = 0; round < 6; round++) {
    for (let layer = 1; layer < rows.length; layer++) pull(rows[layer] ?? [], "above");
    for (let layer = rows.length - 2; layer >= 0; layer--) pull(rows[layer] ?? [], "below");
  }
}

// A line as an SVG path: upright at its ends and in its lanes, bent between.
export function pathOf({ points, back }: Line): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M ${first.x} ${first.y}`;
  if (back) {
    for (const point of rest) path += ` L ${point.x} ${point.y}`;
    return path;
  }
  let from = first;
  for (const to of rest) {
    if (from.x === to.x) path += ` L ${to.x} ${to.y}`;
    else {
      const middle = (from.y + to.y) / 2;
      path += ` C ${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
    }
    from = to;
  }
  return path;
}

// Where a line's label stands: just behind its beginning, so that the labels of one step's branches stand apart.
export function labelAt({ points, back }: Line): Point {
  const [first, second] = points;
  if (!first || !second) return { x: 0, y: 0 };
  if (back) return { x: second.x, y: (second.y + (points[2]?.y ?? second.y)) / 2 };
  return { x: first.x + (second.x - first.x) * 0.5, y: first.y + (second.y - first.y) * 0.5 };
}
