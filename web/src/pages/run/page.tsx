// One run: whose it is, what it did on its recipe's graph, what it waits for, and what a person may do about it.
import { useCallback, useRef, useState } from "react";
import { type RunDetail, runsApi } from "../../api/runs";
import { useNews } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { go, idOf, isPlain, Link, usePlace } from "../../shell/router";
import type { PageProps } from "../../shell/routes";
import { run as text } from "../../text/run";
import { reasonText } from "../../text/shared";
import { useSay } from "../../text/surroundings";
import { useDeeds } from "../../ui/deeds";
import { Badge, RunMark } from "../../ui/marks";
import { useMedia } from "../../ui/media";
import { Page, Section, Skeleton } from "../../ui/page";
import { Tabs } from "../../ui/tabs";
import { Trouble } from "../../ui/trouble";
import { useRecipeTitles } from "../recipe_titles";
import { RunActions } from "./actions";
import { DoubtPanel } from "./doubt";
import { RunFacts } from "./facts";
import { RunGraph } from "./run_graph";
import { stepCard, Timeline } from "./timeline_view";
import "./run.css";

export default function RunPage({ params }: PageProps) {
  const id = idOf(params.get("id")) ?? 0;
  return <OneRun key={id} id={id} />;
}

function OneRun({ id }: { id: number }) {
  const say = useSay(text);
  const { value: run, trouble, again } = useRead(["run", id], () => runsApi.one(id));
  const planned = useRef(0);
  useNews((news) => {
    if (typeof news !== "string" && !news.some((moved) => moved.id === id || moved.replay_of === id)) return;
    clearTimeout(planned.current);
    planned.current = window.setTimeout(() => renew(["run", id]), 150);
  });
  const { from } = usePlace();
  useDeeds((deed) => {
    if (deed !== "close") return false;
    // Back to the list as it was left; who came from elsewhere stays in the console.
    if (from !== "") history.back();
    else go("/runs");
    return true;
  });
  const { title } = useRecipeTitles();
  return (
    <Page
      title={say("panel.title", { id })}
      before={
        <Link
          href="/runs"
          className="back"
          onClick={(click) => {
            if (from !== "/runs" || !isPlain(click)) return;
            click.preventDefault();
            history.back();
          }}
        >
          {say("run.back")}
        </Link>
      }
      lead={run && <Lead run={run} title={title(run.recipe)} />}
      deeds={run && <RunActions run={run} />}
    >
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!run && !trouble && <Skeleton />}
      {run && (
        <>
          {run.state === "in_doubt" && <DoubtPanel run={run} />}
          <RunFacts run={run} />
          <Sides run={run} />
        </>
      )}
    </Page>
  );
}

function Lead({ run, title }: { run: RunDetail; title: string }) {
  const say = useSay(text);
  return (
    <p className="line">
      <RunMark state={run.state} />
      {run.hold && (
        <Badge icon="held">
          {run.hold.kind === ""
            ? say("state.held")
            : say("panel.held", { kind: say(`holder.${run.hold.kind}`), name: run.hold.name })}
        </Badge>
      )}
      {run.recipe ? <Link href={`/recipes/${encodeURIComponent(run.recipe)}`}>{title}</Link> : <span>{title}</span>}
      {run.reason !== "" && run.state !== "in_doubt" && (
        <span className="ended-why">{reasonText(run.reason, say)}</span>
      )}
    </p>
  );
}

// The timeline with the graph beside it; where there is no room, one of the two.
function Sides({ run }: { run: RunDetail }) {
  const say = useSay(text);
  const wide = useMedia("(min-width: 1180px)");
  const [tab, setTab] = useState<"timeline" | "graph">("timeline");
  const [chosen, setChosen] = useState<string | null>(null);
  const choose = useCallback((step: string) => {
    setTab("timeline");
    setChosen(step);
    // After the timeline is drawn, where it was not.
    requestAnimationFrame(() => {
      const card = [...document.querySelectorAll<HTMLElement>("[data-step]")].findLast(
        (one) => one.dataset.step === step,
      );
      if (!card) return;
      if (card instanceof HTMLDetailsElement) card.open = true;
      card.scrollIntoView({ block: "center" });
      card.querySelector<HTMLElement>("summary")?.focus({ preventScroll: true });
    });
  }, []);
  const timeline = <Timeline run={run} chosen={chosen} />;
  const graph = run.recipe === null ? null : <RunGraph run={run} chosen={chosen} choose={choose} />;
  if (wide) {
    return (
      <div className="sides" onFocus={(focus) => setChosen(stepCard(focus.target) ?? chosen)}>
        <Section title={say("panel.timeline")}>{timeline}</Section>
        {graph && (
          <Section title={say("panel.graph")}>
            <div className="graph-side">{graph}</div>
          </Section>
        )}
      </div>
    );
  }
  if (!graph) return <Section title={say("panel.timeline")}>{timeline}</Section>;
  return (
    <Tabs
      label={say("panel.views")}
      tabs={[
        { id: "timeline", name: say("panel.timeline") },
        { id: "graph", name: say("panel.graph") },
      ]}
      chosen={tab}
      choose={setTab}
    >
      {tab === "timeline" ? timeline : <div className="graph-tab">{graph}</div>}
    </Tabs>
  );
}
