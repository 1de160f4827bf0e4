// A few runs as a table: those of an event, of a customer.
import type { Run } from "../api/runs";
import { Link } from "../shell/router";
import { lists as text } from "../text/lists";
import { Ago, useSay } from "../text/surroundings";
import { RunMark } from "../ui/marks";
import { Table } from "../ui/table";
import { useRecipeTitles } from "./recipe_titles";

export function RunLines({ runs, label }: { runs: readonly Run[]; label: string }) {
  const say = useSay(text);
  const { title } = useRecipeTitles(runs);
  return (
    <Table
      label={label}
      rows={runs}
      id={(run) => run.id}
      columns={[
        {
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
        { id: "state", name: say("event.state"), cell: (run) => <RunMark state={run.state} /> },
        { id: "step", name: say("step"), cell: (run) => (run.at_step === "" ? null : <code>{run.at_step}</code>) },
        { id: "since", name: say("since"), cell: (run) => <Ago at={run.started_ms} /> },
      ]}
    />
  );
}
