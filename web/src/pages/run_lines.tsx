// A few runs as a table: those of an event, of a customer.
import type { Run } from "../api/runs";
import { Link } from "../shell/router";
import { lists as text } from "../text/lists";
import { Ago, useSay } from "../text/surroundings";
import { RunMark } from "../ui/marks";
import { type Column, Table } from "../ui/table";
import { useRecipeTitles } from "./recipe_titles";

// The columns that tables of runs share.
export function useRunColumns(runs: readonly Run[]) {
  const say = useSay(text);
  const { title } = useRecipeTitles(runs);
  return {
    run: {
      id: "run",
      name: say("run"),
      main: true,
      cell: (run) => (
        <>
          <Link href={`/runs/${run.id}`}>{title(run.recipe)}</Link>
          <small>#{run.id}</small>
        </>
      ),
    },
    state: { id: "state", name: say("event.state"), cell: (run) => <RunMark state={run.state} /> },
    step: { id: "step", name: say("step"), cell: (run) => (run.at_step === "" ? null : <code>{run.at_step}</code>) },
    since: { id: "since", name: say("since"), cell: (run) => <Ago at={run.started_ms} /> },
  } satisfies Record<string, Column<Run>>;
}

export function RunLines({ runs, label }: { runs: readonly Run[]; label: string }) {
  const { run, state, step, since } = useRunColumns(runs);
  return <Table label={label} rows={runs} id={(one) => one.id} columns={[run, state, step, since]} />;
}
