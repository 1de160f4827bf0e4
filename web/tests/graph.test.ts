import { describe, expect, it } from "vitest";
import type { GraphEdge, GraphNode } from "../src/api/recipes";
import { layout, pathOf, size } from "../src/graph/layout";
import { walked } from "../src/graph/walked";

const node = (id: string, kind: GraphNode["kind"] = "use"): GraphNode => ({
  id,
  kind,
  title: id,
  operation: null,
  connection: null,
  line: null,
  parent: null,
});
const edge = (way: string, kind: GraphEdge["kind"] = "next"): GraphEdge => {
  const [from = "", to = ""] = way.split(">");
  return { from, to, label: "", kind };
};
const nodes = [node("start", "trigger"), node("if", "branch"), node("a"), node("b"), node("c"), node("end", "end")];
const edges = [edge("start>if"), edge("if>a", "yes"), edge("a>b"), edge("b>end"), edge("if>c", "no"), edge("c>end")];

describe("the layout", () => {
  const placed = layout(nodes, edges);
  const at = (id: string) =>
    placed.nodes.find((one) => one.node.id === id) ?? { x: Number.NaN, y: Number.NaN, layer: -1 };

  it("puts each step below all that lead to it", () => {
    for (const { edge: way, back } of placed.lines) {
      expect(back).toBe(false);
      expect(at(way.to).y, `${way.from}>${way.to}`).toBeGreaterThan(at(way.from).y);
    }
    expect(at("end").layer).toBe(4);
  });
  it("lets nothing overlap, not even a line that passes a row", () => {
    for (const one of placed.nodes) {
      for (const other of placed.nodes) {
        if (one === other || one.layer !== other.layer) continue;
        expect(Math.abs(one.x - other.x)).toBeGreaterThanOrEqual(size.width);
      }
    }
    const long = placed.lines.find((line) => line.edge.from === "c");
    expect(long?.points.length).toBeGreaterThan(2);
    const lane = long?.points[1]?.x ?? 0;
    expect(lane < at("b").x || lane > at("b").x + size.width).toBe(true);
  });
  it("stands within what it says it takes", () => {
    for (const one of placed.nodes) {
      expect(one.x).toBeGreaterThanOrEqual(0);
      expect(one.x + size.width).toBeLessThanOrEqual(placed.width + 0.01);
      expect(one.y + size.height).toBeLessThanOrEqual(placed.height);
    }
  });
  it("is the same for the same graph", () => {
    expect(layout(nodes, edges)).toEqual(placed);
  });
  it("takes loops: the way back does not push its target down", () => {
    const loop = layout(
      [node("start"), node("each", "for_each"), node("x")],
      [edge("start>each"), edge("each>x", "item"), edge("x>each", "again")],
    );
    expect(loop.nodes.map((one) => one.layer)).toEqual([0, 1, 2]);
    expect(loop.lines.filter((line) => line.back).map((line) => line.edge.kind)).toEqual(["again"]);
    const silly = layout([node("x"), node("y")], [edge("x>y"), edge("y>x"), edge("x>x")]);
    expect(silly.nodes).toHaveLength(2);
  });
  it("takes what is not there, and names of every object", () => {
    expect(layout([], []).nodes).toEqual([]);
    expect(layout([node("a")], [edge("a>gone")]).lines).toEqual([]);
    const odd = layout([node("__proto__"), node("constructor")], [edge("__proto__>constructor")]);
    expect(odd.nodes.map((one) => one.layer)).toEqual([0, 1]);
  });
  it("writes a line as a path from one step to the other", () => {
    for (const line of placed.lines) expect(pathOf(line)).toMatch(/^M [\d.-]+ [\d.-]+( [LC][ \d.-]+)+$/);
  });
});

describe("the way of a run", () => {
  const graph = { nodes, edges };
  const names = (trail: string[]) => {
    const way = walked(graph, trail);
    return { nodes: [...way.nodes].sort(), edges: [...way.edges].map((one) => `${one.from}>${one.to}`).sort() };
  };
  it("goes through what records nothing", () => {
    expect(names(["a"])).toEqual({ nodes: ["a", "if", "start"], edges: ["if>a", "start>if"] });
    expect(names(["c", "end"]).edges).toEqual(["c>end", "if>c", "start>if"]);
  });
  it("does not pass a step that recorded something else", () => {
    expect(names(["a", "b"]).edges).toEqual(["a>b", "if>a", "start>if"]);
  });
  it("leaves out steps that the recipe has no more", () => {
    expect(names(["gone"])).toEqual({ nodes: ["start"], edges: [] });
  });
});
