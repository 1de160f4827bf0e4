// One run: whose it is, what it did, what it waits for, and what a person may do about it.
import { useRef } from "react";
import { type RunDetail, runsApi } from "../../api/runs";
import { useNews } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { idOf, Link } from "../../shell/router";
import type { PageProps } from "../../shell/routes";
import { run as text } from "../../text/run";
import { reasonText } from "../../text/shared";
import { useSay } from "../../text/surroundings";
import { RunMark } from "../../ui/marks";
import { Page, Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { useRecipeTitles } from "../recipe_titles";
import { RunActions } from "./actions";
import { RunFacts } from "./facts";
import { Timeline } from "./timeline_view";
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
  const { title } = useRecipeTitles();
  return (
    <Page
      title={say("panel.title", { id })}
      before={
        <Link href="/runs" className="back">
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
          <RunFacts run={run} />
          <Section title={say("panel.timeline")}>
            <Timeline run={run} />
          </Section>
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
      {run.recipe ? <Link href={`/recipes/${encodeURIComponent(run.recipe)}`}>{title}</Link> : <span>{title}</span>}
      {run.reason !== "" && run.state !== "in_doubt" && <span className="muted">{reasonText(run.reason, say)}</span>}
    </p>
  );
}
