// The newest runs of a recipe.
import type { RecipeDetail } from "../../api/recipes";
import { type Run, runsApi, runsOfRecipe } from "../../api/runs";
import { useNews } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { reasonText } from "../../text/shared";
import { Ago, Span, useSay } from "../../text/surroundings";
import { RunMark } from "../../ui/marks";
import { Empty, Skeleton } from "../../ui/page";
import { type Column, Table } from "../../ui/table";
import { Trouble } from "../../ui/trouble";

const shown = 25;

export function RunsTab({ recipe }: { recipe: RecipeDetail }) {
  const say = useSay(text);
  const key = ["runs", "of", recipe.name];
  const { value, trouble, again } = useRead(key, () => runsApi.list({ recipe: recipe.name }, shown), { every: 10_000 });
  useNews(() => renew(key));
  const columns: Column<Run>[] = [
    {
      id: "id",
      name: say("tab.runs"),
      main: true,
      cell: (run) => (
        <Link className="row-link" href={`/runs/${run.id}`}>
          {run.id}
          {run.key !== "" && <span className="muted"> · {run.key}</span>}
        </Link>
      ),
    },
    {
      id: "state",
      name: say("one.state"),
      bare: true,
      cell: (run) => (
        <>
          <RunMark state={run.state} />
          {run.reason !== "" && <small>{reasonText(run.reason, say)}</small>}
        </>
      ),
    },
    { id: "step", name: say("one.step"), cell: (run) => run.at_step || null },
    { id: "started", name: say("one.started"), cell: (run) => <Ago at={run.started_ms} /> },
    { id: "span", name: say("one.span"), cell: (run) => <Span from={run.started_ms} to={run.ended_ms} /> },
  ];
  return (
    <>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!value && !trouble && <Skeleton />}
      {value?.runs.length === 0 && (
        <Empty title={say("one.no_runs")}>
          <p>{say("one.no_runs.text")}</p>
          <p>
            <Link className="button" href={`/recipes/${encodeURIComponent(recipe.name)}/try`}>
              {say("tab.try")}
            </Link>
          </p>
        </Empty>
      )}
      {value && value.runs.length > 0 && (
        <>
          <Table label={say("tab.runs")} columns={columns} rows={value.runs} id={(run) => run.id} />
          <p className="list-end">
            <Link className="button" href={runsOfRecipe(recipe.name)}>
              {say("one.all_runs")}
            </Link>
          </p>
        </>
      )}
    </>
  );
}
