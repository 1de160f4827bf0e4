// The list of runs, newest first: only what is in sight is drawn. Each row is a link to its run; j and k, or the arrows,
// walk over the rows, x selects.
import { type MouseEvent, memo, useEffect, useMemo, useRef, useState } from "react";
import type { Run, RunPage } from "../../api/runs";
import { go, isPlain, Link } from "../../shell/router";
import { runs as text } from "../../text/runs";
import { reasonText } from "../../text/shared";
import { Ago, Span, useSay } from "../../text/surroundings";
import { useDeeds } from "../../ui/deeds";
import { Icon, RunMark } from "../../ui/marks";
import { useMedia } from "../../ui/media";
import { useWindow } from "../../ui/window";
import { isLive } from "../run/timeline";
import { Found } from "./found";

const heights = { wide: 54, narrow: 104 };

export interface Selection {
  has: (id: number) => boolean;
  toggle: (id: number) => void;
  can: boolean;
}
interface TableProps {
  page: RunPage;
  title: (recipe: string | null) => string;
  words: readonly string[]; // what was searched, to mark where it was found
  selection: Selection;
  readingOlder: boolean;
  older: () => void;
}

const columns = [
  "list.state",
  "list.recipe",
  "list.customer",
  "list.step",
  "list.due",
  "list.started",
  "list.duration",
] as const;
const rowLink = (id: number): string => `run-${id}`;

export function RunsTable({ page, title, words, selection, readingOlder, older }: TableProps) {
  const say = useSay(text);
  const list = useRef<HTMLDivElement>(null);
  const height = useMedia("(max-width: 720px)") ? heights.narrow : heights.wide;
  const ids = useMemo(() => page.runs.map((run) => run.id), [page.runs]);
  const { first, end } = useWindow(list, height, ids);
  const at = useWalk(ids, list, height, selection);
  useEffect(() => {
    if (page.next !== null && end > ids.length - 30) older();
  }, [end, ids.length, page.next, older]);
  return (
    <>
      <div
        className="runs"
        role="table"
        aria-label={say("list.title")}
        aria-rowcount={page.next === null ? ids.length + 1 : -1}
      >
        <div role="rowgroup" className="runs-head">
          <div role="row" className="run-row">
            <span role="columnheader">
              <span className="offstage">{say("list.select")}</span>
            </span>
            {columns.map((name) => (
              <span key={name} role="columnheader">
                {say(name)}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" ref={list} className="runs-body" style={{ height: ids.length * height }}>
          {page.runs.slice(first, end).map((run, index) => (
            <Row
              key={run.id}
              run={run}
              index={first + index}
              height={height}
              title={title(run.recipe)}
              words={words}
              isAt={at === run.id}
              selected={selection.has(run.id)}
              selection={selection}
            />
          ))}
        </div>
      </div>
      <p className="list-end">
        <span className="muted">
          {page.next === null ? say("list.end") : readingOlder ? say("list.older.reading") : ""}
        </span>
      </p>
    </>
  );
}

// Where j and k stand; the row is brought into sight, drawn, and then focused.
function useWalk(ids: readonly number[], list: { current: HTMLElement | null }, height: number, selection: Selection) {
  const [at, setAt] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const link = document.getElementById(rowLink(wanted.current));
    if (!link) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  });
  const focused = (): number | null => {
    const row = document.activeElement?.closest<HTMLElement>("[data-run]");
    return row ? Number(row.dataset.run) : null;
  };
  useDeeds((deed) => {
    const here = focused() ?? at;
    if (deed === "select" && here !== null) {
      selection.toggle(here);
      return true;
    }
    if (deed !== "next" && deed !== "previous") return false;
    const index = here === null ? -1 : ids.indexOf(here);
    const inSight = Math.max(0, Math.ceil((140 - (list.current?.getBoundingClientRect().top ?? 0)) / height) - 1);
    const to = index < 0 ? inSight : index + (deed === "next" ? 1 : -1);
    const id = ids[to];
    if (id === undefined) return ids.length > 0;
    const top = (list.current?.getBoundingClientRect().top ?? 0) + to * height;
    if (top < 140) scrollBy(0, top - 140);
    else if (top + height > innerHeight - 80) scrollBy(0, top + height - innerHeight + 80);
    wanted.current = id;
    setAt(id);
    return true;
  });
  return at;
}

interface RowProps {
  run: Run;
  index: number;
  height: number;
  title: string;
  words: readonly string[];
  isAt: boolean;
  selected: boolean;
  selection: Selection;
}

const Row = memo(
  function Row({ run, index, height, title, words, isAt, selected, selection }: RowProps) {
    const say = useSay(text);
    const name = say("list.open", { id: run.id, state: say(`state.${run.state}`), recipe: title });
    const open = (click: MouseEvent) => {
      if (click.defaultPrevented || !isPlain(click) || (click.target as HTMLElement).closest("a, label, input")) return;
      if (window.getSelection()?.isCollapsed === false) return;
      go(`/runs/${run.id}`);
    };
    const why = run.reason !== "" && (!isLive(run) || run.state === "acting") ? reasonText(run.reason, say) : "";
    return (
      <div
        role="row"
        className="run-row"
        data-run={run.id}
        data-at={isAt}
        data-selected={selected}
        aria-rowindex={index + 2}
        style={{ height, transform: `translateY(${index * height}px)` }}
        onClick={open}
      >
        <span role="cell" className="pick">
          {selection.can && (
            <label>
              <input type="checkbox" checked={selected} onChange={() => selection.toggle(run.id)} />
              <span className="offstage">{say("list.select.run", { id: run.id })}</span>
            </label>
          )}
        </span>
        <span role="cell" className="state">
          <RunMark state={run.state} />
          {run.hold && (
            <span className="mark" title={say("state.held.help")}>
              <Icon shape="held" />
              <span className="held-word">{say("state.held")}</span>
            </span>
          )}
          {why && (
            <small className="why" title={why}>
              {why}
            </small>
          )}
        </span>
        <span role="cell" className="recipe">
          <Link id={rowLink(run.id)} href={`/runs/${run.id}`} aria-label={name}>
            {title}
          </Link>
          <small>
            #{run.id}
            {run.replay_of != null && ` · ${say("list.replay_of", { id: run.replay_of })}`}
            {run.found ? (
              <>
                {" · "}
                <Found text={run.found} words={words} />
              </>
            ) : (
              run.recipe && run.recipe !== title && ` ${run.recipe}`
            )}
          </small>
        </span>
        <Cell name="customer" label={say("list.customer")}>
          {run.customer !== null && <Link href={`/customers/${run.customer}`}>{run.customer}</Link>}
        </Cell>
        <Cell name="step" label={say("list.step")}>
          {run.at_step !== "" && <code>{run.at_step}</code>}
        </Cell>
        <Cell name="due" label={say("list.due")}>
          {run.due_ms !== null && <Ago at={run.due_ms} isDue />}
        </Cell>
        <Cell name="started" label={say("list.started")}>
          <Ago at={run.started_ms} />
        </Cell>
        <Cell name="duration" label={say("list.duration")}>
          <Span from={run.started_ms} to={run.ended_ms} />
        </Cell>
      </div>
    );
  },
  (before, after) =>
    before.run === after.run &&
    before.index === after.index &&
    before.height === after.height &&
    before.title === after.title &&
    before.words === after.words &&
    before.isAt === after.isAt &&
    before.selected === after.selected &&
    before.selection.can === after.selection.can,
);

function Cell(props: { name: string; label: string; children: React.ReactNode }) {
  const empty = props.children === false || props.children === null;
  return (
    <span role="cell" className={props.name} data-empty={empty || undefined}>
      <span className="label">{props.label} </span>
      {empty ? <span className="muted">–</span> : props.children}
    </span>
  );
}
