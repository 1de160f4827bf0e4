// The graph of a recipe with live counts, and a trial going through it.
import { useMemo, useState } from "react";
import { type GraphNode, type RecipeDetail, type RecipeGraph, recipesApi, type Trial } from "../../api/recipes";
import { useNews } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { Graph, type NodeMark } from "../../graph/graph";
import { walked } from "../../graph/walked";
import { Link } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { known } from "../../text/words";
import { Button } from "../../ui/button";
import { Fact, Facts, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { pathOf as connectionPath } from "../connections/parts";
import type { Scene } from "./playback";
import { iconOf, toneOf } from "./state_badge";

interface GraphTabProps {
  recipe: RecipeDetail;
  openText: (line: number | null) => void;
}

export function GraphTab({ recipe, openText }: GraphTabProps) {
  const say = useSay(text);
  const key = ["recipes", recipe.name, "graph"];
  const { value, trouble, again } = useRead(key, () => recipesApi.graph(recipe.name), { every: 10_000 });
  const [chosen, setChosen] = useState<string | null>(null);
  useNews(() => renew(key));
  if (!value) return trouble ? <GraphTrouble trouble={trouble} again={again} /> : <Skeleton rows={5} />;
  const node = value.nodes.find((one) => one.id === chosen);
  return (
    <div className="beside-graph">
      <Graph
        graph={value}
        label={say("graph.label", { name: recipe.title || recipe.name })}
        counts={value.counts}
        chosen={chosen}
        choose={setChosen}
      />
      {node ? (
        <StepFacts node={node} graph={value} recipe={recipe.name} openText={openText} />
      ) : (
        <p className="muted">
          {say("graph.choose")} {say("graph.legend")}
        </p>
      )}
    </div>
  );
}

function GraphTrouble({ trouble, again }: { trouble: Parameters<typeof Trouble>[0]["trouble"]; again: () => void }) {
  const say = useSay(text);
  if (trouble.status === 404 && trouble.code === "not_found") return <p className="muted">{say("graph.none")}</p>;
  return <Trouble trouble={trouble} again={again} />;
}

interface StepFactsProps {
  node: GraphNode;
  graph: RecipeGraph;
  recipe: string;
  openText: (line: number | null) => void;
}
const counted = ["standing", "done", "failed", "in_doubt", "skipped"] as const;

function StepFacts({ node, graph, recipe, openText }: StepFactsProps) {
  const say = useSay(text);
  const counts = graph.counts[node.id];
  return (
    <section className="panel step-facts" aria-label={node.title || node.id}>
      <h2>{node.title || node.id}</h2>
      <Facts>
        <Fact name={say("diff.step")}>
          <code>{node.id}</code>
        </Fact>
        {node.operation && (
          <Fact name={say("graph.operation")}>
            <code>{node.operation}</code>
          </Fact>
        )}
        {node.connection && (
          <Fact name={say("try.connection")}>
            <Link href={connectionPath(node.connection)}>{node.connection}</Link>
          </Fact>
        )}
        {counts &&
          counted.map((which) => (
            <Fact key={which} name={say(`graph.${which}`)}>
              {counts[which] ?? 0}
            </Fact>
          ))}
      </Facts>
      <div className="line">
        {node.line !== null && (
          <Button small onClick={() => openText(node.line)}>
            {say("graph.line", { line: node.line })}
          </Button>
        )}
        <Link href={`/runs?recipe=${encodeURIComponent(recipe)}`}>{say("one.all_runs")}</Link>
      </div>
    </section>
  );
}

interface TrialGraphProps {
  recipe: string;
  trial: Trial;
  scene: Scene;
}
// What was reached up to this frame, each step with how it stands.
export function TrialGraph({ recipe, trial, scene }: TrialGraphProps) {
  const say = useSay(text);
  const { graph } = trial;
  const way = useMemo(() => graph && walked(graph, scene.trail), [graph, scene]);
  const marks = useMemo(() => {
    const found = new Map<string, NodeMark>();
    for (const [id, state] of scene.states) {
      const key = known(text, `trial.${state}`);
      found.set(id, { tone: toneOf(state), icon: iconOf(state), word: key ? say(key as "trial.done") : state });
    }
    return found;
  }, [scene, say]);
  if (!graph || !way) return null;
  return (
    <Graph
      graph={graph}
      label={say("graph.label", { name: recipe })}
      marks={marks}
      walked={way}
      chosen={scene.now?.step ?? null}
    />
  );
}
