// A recipe's graph on the screen, by React Flow: moved and enlarged by hand, its steps in reach of the keyboard.
import {
  BaseEdge,
  Controls,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import "@xyflow/react/dist/base.css";
import type { GraphNode, GraphShape, NodeKind, StepCounts } from "../api/recipes";
import type { RunState } from "../api/runs";
import { count } from "../text/format";
import { graph as text } from "../text/graph";
import { useSay, useSurroundings } from "../text/surroundings";
import { Icon, type Shape } from "../ui/marks";
import { type Layout, type Line, labelAt, layout, pathOf, size } from "./layout";
import type { Walked } from "./walked";
import "./graph.css";

// What is said of one step: a state with its word.
export interface NodeMark {
  tone: RunState;
  icon: Shape;
  word: string;
}
export interface GraphProps {
  graph: GraphShape;
  label: string;
  marks?: ReadonlyMap<string, NodeMark>;
  walked?: Walked; // the way of a run: what lies beside it is dimmed
  counts?: Record<string, StepCounts>; // by step: live and past runs on each step
  focus?: string; // where to look first when not all of it can be read at once
  chosen?: string | null;
  choose?: (id: string) => void;
}

type StepNode = Node<
  { node: GraphNode; mark?: NodeMark; counts?: StepCounts; dim: boolean; isChosen: boolean },
  "step"
>;
type WayEdge = Edge<{ line: Line; dim: boolean; walked: boolean }, "way">;

const icons: Record<NodeKind, Shape> = {
  trigger: "event",
  use: "send",
  wait: "waiting",
  wait_for: "waiting",
  branch: "graph",
  switch: "graph",
  for_each: "replay",
  repeat: "replay",
  split: "graph",
  set: "settings",
  stop: "stopped",
  end: "finished",
};

// What its author calls it; where nobody gave a name, what it does.
const nameOf = (node: GraphNode): string => {
  const name = /^step\d+$/.test(node.id) ? node.title : node.id;
  return name.startsWith(":") ? "" : name;
};

function Step({ data }: NodeProps<StepNode>) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const { node, mark, counts, dim, isChosen } = data;
  const kind = say(`kind.${node.kind}`);
  const name = nameOf(node) || kind;
  const more = [node.title, node.operation].find((one) => one && one !== name && !one.startsWith(":"));
  const numbers = counts
    ? (
        [
          ["standing", "acting", counts.standing],
          ["in_doubt", "in_doubt", counts.in_doubt],
          ["failed", "failed", counts.failed],
          ["skipped", "exited", counts.skipped],
          ["done", "finished", counts.done],
        ] as const
      ).filter(([, , number]) => number > 0)
    : [];
  return (
    <div className="node" data-state={mark?.tone ?? "none"} data-dim={dim} data-chosen={isChosen} data-kind={node.kind}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="node-icon">
        <Icon shape={mark?.icon ?? icons[node.kind]} />
      </span>
      <span className="node-text">
        <b>{name}</b>
        <small>
          {mark ? <span className="node-mark">{mark.word}</span> : kind !== name && kind}
          {more && ` ${more}`}
        </small>
      </span>
      {numbers.length > 0 && (
        <span className="node-counts">
          {numbers.map(([name, tone, number]) => (
            <span key={name} data-state={tone} title={say(`count.${name}`, { count: number })}>
              {count(number, language)}
              <span className="offstage">{say(`count.${name}.word`)}</span>
            </span>
          ))}
        </span>
      )}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

function Way({ data, label }: EdgeProps<WayEdge>) {
  if (!data) return null;
  const at = labelAt(data.line);
  return (
    <>
      <BaseEdge path={pathOf(data.line)} className={data.walked ? "way walked" : data.dim ? "way dim" : "way"} />
      {label && (
        <EdgeLabelRenderer>
          <span className="way-label" style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}>
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

const readable = 0.66; // below this zoom nobody reads a step's name

// All of the graph where it can be read; else its focus, or its beginning, at a size that can.
function firstLook(placed: Layout, box: HTMLElement, focus: string | undefined) {
  const margin = 16;
  const whole = Math.min(
    1,
    (box.clientWidth - 2 * margin) / placed.width,
    (box.clientHeight - 2 * margin) / placed.height,
  );
  const zoom = Math.max(whole, readable + 0.14);
  if (whole >= readable) {
    return { zoom: whole, x: (box.clientWidth - placed.width * whole) / 2, y: margin };
  }
  const node = placed.nodes.find((one) => one.node.id === focus) ?? placed.nodes[0];
  const x = ((node?.x ?? 0) + size.width / 2) * zoom;
  const y = ((node?.y ?? 0) + size.height / 2) * zoom;
  return { zoom, x: box.clientWidth / 2 - x, y: Math.min(margin, box.clientHeight / 2 - y) };
}

const nodeTypes = { step: Step };
const edgeTypes = { way: Way };

export default function Drawing({ graph, label, marks, walked, counts, focus, chosen, choose }: GraphProps) {
  const say = useSay(text);
  const placed = useMemo(() => layout(graph.nodes, graph.edges), [graph]);
  // React Flow measures the nodes and hands that back; what is drawn stays ours.
  const [box, setBox] = useState<HTMLElement | null>(null);
  const nodes = placed.nodes.map(
    ({ node, x, y }): StepNode => ({
      id: node.id,
      type: "step",
      position: { x, y },
      width: size.width,
      height: size.height,
      measured: { width: size.width, height: size.height },
      handles: [
        { type: "target", position: Position.Top, x: size.width / 2, y: 0, width: 1, height: 1 },
        { type: "source", position: Position.Bottom, x: size.width / 2, y: size.height, width: 1, height: 1 },
      ],
      ariaLabel: [nameOf(node), say(`kind.${node.kind}`), marks?.get(node.id)?.word].filter(Boolean).join(", "),
      data: {
        node,
        ...(marks?.has(node.id) ? { mark: marks.get(node.id) as NodeMark } : {}),
        ...(counts && Object.hasOwn(counts, node.id) ? { counts: counts[node.id] as StepCounts } : {}),
        dim: walked ? !walked.nodes.has(node.id) : false,
        isChosen: chosen === node.id,
      },
    }),
  );
  const edges = placed.lines.map((line, index): WayEdge => {
    const { edge } = line;
    const named = edge.label || (edge.kind === "next" || edge.kind === "case" ? "" : say(`edge.${edge.kind}`));
    return {
      id: `${index}`,
      type: "way",
      source: edge.from,
      target: edge.to,
      focusable: false,
      ...(named ? { label: named } : {}),
      data: { line, walked: walked?.edges.has(edge) ?? false, dim: walked ? !walked.edges.has(edge) : false },
    };
  });
  useEffect(() => {
    if (!box || !choose) return;
    const pressed = (press: KeyboardEvent) => {
      if (press.key !== "Enter" && press.key !== " ") return;
      const id = (press.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset.id;
      if (id) choose(id);
    };
    box.addEventListener("keydown", pressed);
    return () => box.removeEventListener("keydown", pressed);
  }, [box, choose]);
  return (
    <section className="graph" aria-label={label} ref={setBox}>
      {box && (
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          nodesFocusable={choose !== undefined}
          edgesFocusable={false}
          zoomOnScroll={false}
          preventScrolling={false}
          minZoom={0.2}
          maxZoom={1.5}
          defaultViewport={firstLook(placed, box, focus)}
          fitViewOptions={{ maxZoom: 1, padding: 0.06 }}
          proOptions={{ hideAttribution: true }}
          onNodeClick={choose ? (_, node) => choose(node.id) : undefined}
          ariaLabelConfig={{
            "node.a11yDescription.default": say("node.help"),
            "node.a11yDescription.keyboardDisabled": say("node.help"),
            "controls.ariaLabel": say("controls"),
            "controls.zoomIn.ariaLabel": say("controls.in"),
            "controls.zoomOut.ariaLabel": say("controls.out"),
            "controls.fitView.ariaLabel": say("controls.fit"),
          }}
        >
          <Controls showInteractive={false} />
        </ReactFlow>
      )}
    </section>
  );
}
