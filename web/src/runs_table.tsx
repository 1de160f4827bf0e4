// The list of runs, newest first. Each row is a link to its run; j and k, or the arrows, walk over the links.
import { type MouseEvent, memo, type ReactNode } from "react";
import { type View, writeView } from "./address";
import type { Run, RunPage } from "./api";
import { RunMark } from "./marks";
import { Ago, Span, useSurroundings } from "./surroundings";
import { type Key, reasonText } from "./text";
import { isLive } from "./timeline";

export const rowLink = (id: number): string => `run-${id}`;

const columns: Key[] = [
  "list.state",
  "list.recipe",
  "list.customer",
  "list.step",
  "list.due",
  "list.started",
  "list.duration",
];

interface TableProps {
  page: RunPage;
  view: View;
  title: (recipe: string | null) => string;
  open: (id: number) => void;
  readingOlder: boolean;
  older: () => void;
}

export function RunsTable({ page, view, title, open, readingOlder, older }: TableProps) {
  const { say } = useSurroundings();
  return (
    <>
      {/* The roles are said outright: on a phone the rows are laid out as cards, and lose what a table implies. */}
      <table className="runs" role="table" aria-label={say("list.title")}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((name) => (
              <th key={name} role="columnheader" scope="col">
                {say(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {page.runs.map((run) => (
            <Row
              key={run.id}
              run={run}
              isOpen={run.id === view.run}
              href={writeView({ ...view, run: run.id })}
              title={title(run.recipe)}
              open={open}
            />
          ))}
        </tbody>
      </table>
      <p className="list-end">
        {page.next === null ? (
          <span className="muted">{say("list.end")}</span>
        ) : (
          <button type="button" onClick={older} disabled={readingOlder}>
            {say(readingOlder ? "list.older.reading" : "list.older")}
          </button>
        )}
      </p>
    </>
  );
}

function Cell(props: { name: string; label?: string; children: ReactNode }) {
  return (
    <td role="cell" className={props.name}>
      {props.label && <span className="label">{props.label} </span>}
      {props.children}
    </td>
  );
}

interface RowProps {
  run: Run;
  isOpen: boolean;
  href: string;
  title: string;
  open: (id: number) => void;
}

const Row = memo(function Row({ run, isOpen, href, title, open }: RowProps) {
  const { say } = useSurroundings();
  const follow = (click: MouseEvent) => {
    if (click.ctrlKey || click.metaKey || click.shiftKey || click.button !== 0) return;
    if (window.getSelection()?.isCollapsed === false) return;
    click.preventDefault();
    open(run.id);
  };
  const name = say("list.open", { id: run.id, state: say(`state.${run.state}`), recipe: title });
  return (
    <tr role="row" data-open={isOpen} onClick={follow}>
      <Cell name="state">
        <RunMark state={run.state} />
        {run.reason !== "" && !isLive(run) && (
          <small className="why" title={reasonText(run.reason, say)}>
            {reasonText(run.reason, say)}
          </small>
        )}
      </Cell>
      <Cell name="recipe">
        <a id={rowLink(run.id)} href={href} aria-label={name} aria-current={isOpen ? "true" : undefined}>
          {title}
        </a>
        <small>
          #{run.id}
          {run.recipe && run.recipe !== title && ` ${run.recipe}`}
        </small>
      </Cell>
      <Cell name="customer" label={say("list.customer")}>
        {run.customer === null ? <span className="muted">–</span> : run.customer}
      </Cell>
      <Cell name="step" label={say("list.step")}>
        {run.at_step === "" ? <span className="muted">–</span> : <code>{run.at_step}</code>}
      </Cell>
      <Cell name="due" label={say("list.due")}>
        {run.due_ms === null ? <span className="muted">–</span> : <Ago at={run.due_ms} isDue />}
      </Cell>
      <Cell name="started" label={say("list.started")}>
        <Ago at={run.started_ms} />
      </Cell>
      <Cell name="duration" label={say("list.duration")}>
        <Span from={run.started_ms} to={run.ended_ms} />
      </Cell>
    </tr>
  );
});
