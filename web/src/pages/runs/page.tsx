// The runs page: search and filters over the live list, saved views, and many runs repaired at once.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { RunFilter } from "../../api/runs";
import { useCan } from "../../data/hub";
import { everything } from "../../data/run_list";
import { go, usePlace } from "../../shell/router";
import { runs as text } from "../../text/runs";
import { useSay } from "../../text/surroundings";
import { Command } from "../../ui/code";
import { Empty, Page, Skeleton } from "../../ui/page";
import { Around, Trouble } from "../../ui/trouble";
import { useRecipeTitles } from "../recipe_titles";
import { isFiltered, readFilter, runsAddress } from "./address";
import { BulkBar } from "./bulk";
import { PlansMenu, PlansUnderWay } from "./bulk_plans";
import { Filters, States } from "./filters";
import { useRunList } from "./lists";
import { markedWords } from "./query";
import { Search } from "./search";
import { RunsTable, type Selection } from "./table";
import { Views } from "./views";
import "./runs.css";

export default function Runs() {
  const say = useSay(text);
  const { query } = usePlace();
  const filter = useMemo(() => readFilter(query), [query]);
  const list = useRunList(filter);
  const { title, recipes } = useRecipeTitles(list.page?.runs);
  const words = useMemo(() => markedWords(filter.q), [filter.q]);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [all, setAll] = useState(false); // all that match, also those that were not read
  const can = useCan("operate");

  const change = (change: Partial<RunFilter>, isStep = false) => {
    setChosen(new Set());
    setAll(false);
    go(runsAddress({ ...filter, ...change }), isStep);
  };
  const toggle = useCallback((id: number) => {
    setAll(false);
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const selection: Selection = { has: (id) => all || chosen.has(id), toggle, can };
  const { page, error, older } = list;
  // A search looks through so much at a time: a page without a row may have others behind it.
  const searching = page?.runs.length === 0 && page.next !== null;
  const next = page?.next ?? null;
  useEffect(() => {
    if (searching && next !== null) void older();
  }, [searching, next, older]);
  const deeds = (
    <>
      <PlansMenu />
      <Views filter={filter} />
    </>
  );
  return (
    <Page title={say("list.title")} deeds={deeds}>
      <PlansUnderWay />
      <search aria-label={say("filter.title")}>
        <Search q={filter.q} terms={list.terms} recipes={recipes} search={(q) => change({ q }, true)} />
        <States filter={filter} change={change} />
        <Filters filter={filter} change={change} clear={() => change(everything)} recipes={recipes} />
      </search>
      {error && error.status !== 0 && <Trouble trouble={error} again={list.again} />}
      {(!page || searching) && !error && <Skeleton rows={8} />}
      {page && page.runs.length === 0 && !searching && <Nothing filter={filter} clear={() => change(everything)} />}
      {page && page.runs.length > 0 && (
        <RunsTable
          page={page}
          title={title}
          words={words}
          selection={selection}
          readingOlder={list.readingOlder}
          older={older}
        />
      )}
      {can && page && (chosen.size > 0 || all) && (
        <BulkBar
          filter={filter}
          page={page}
          chosen={chosen}
          all={all}
          takeLoaded={() => setChosen(new Set(page.runs.map((run) => run.id)))}
          takeAll={() => setAll(true)}
          clear={() => {
            setChosen(new Set());
            setAll(false);
          }}
        />
      )}
    </Page>
  );
}

function Nothing({ filter, clear }: { filter: RunFilter; clear: () => void }) {
  const say = useSay(text);
  if (isFiltered(filter)) {
    return (
      <Empty title={say("empty.filtered")}>
        <p>{filter.q !== "" ? say("empty.searched") : say("empty.filtered.any")}</p>
        <button type="button" onClick={clear}>
          {say("filter.clear")}
        </button>
      </Empty>
    );
  }
  return (
    <Empty title={say("empty.title")}>
      <p>{say("empty.text")}</p>
      <ol>
        <li>
          <Around say={say} text="empty.one" hole="command">
            <Command text="ieum recipe apply FILE" />
          </Around>
        </li>
        <li>{say("empty.two")}</li>
        <li>{say("empty.three")}</li>
      </ol>
    </Empty>
  );
}
