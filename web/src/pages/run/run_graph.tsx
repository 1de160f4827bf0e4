// A run on its recipe's graph: the way that it went, and how each step of it ended.
import { useMemo } from "react";
import { recipesApi } from "../../api/recipes";
import type { RunDetail } from "../../api/runs";
import { useRead } from "../../data/query";
import { Graph } from "../../graph/graph";
import { walked } from "../../graph/walked";
import { run as text } from "../../text/run";
import { useSay } from "../../text/surroundings";
import { Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { marksOf, trailOf } from "./marks_of";

interface RunGraphProps {
  run: RunDetail;
  chosen: string | null;
  choose: (step: string) => void;
}

export function RunGraph({ run, chosen, choose }: RunGraphProps) {
  const say = useSay(text);
  const name = run.recipe ?? "";
  const {
    value: graph,
    trouble,
    again,
  } = useRead(["recipe", name, "graph", run.version], () => recipesApi.graph(name, run.version));
  const way = useMemo(() => graph && walked(graph, trailOf(run, graph)), [graph, run]);
  const marks = useMemo(
    () =>
      new Map(
        [...marksOf(run)].map(([step, { tone, icon, word, times }]) => [
          step,
          { tone, icon, word: times > 1 ? `${say(word)} ×${times}` : say(word) },
        ]),
      ),
    [run, say],
  );
  if (trouble && !graph) return <Trouble trouble={trouble} again={again} />;
  if (!graph || !way) return <Skeleton rows={3} />;
  return (
    <Graph
      graph={graph}
      label={say("panel.graph.label", { id: run.id })}
      marks={marks}
      walked={way}
      focus={run.at_step || (run.steps.at(-1)?.step ?? "")}
      chosen={chosen}
      choose={choose}
    />
  );
}
