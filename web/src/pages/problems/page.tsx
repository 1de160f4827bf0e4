// Problems: failures by cause, open and resolved, with their runs and what mends them.
import { useState } from "react";
import { type Problem, statusApi } from "../../api/status";
import { useWhyNot } from "../../data/hub";
import { usePaged } from "../../data/paged";
import { renew } from "../../data/query";
import { go, Link, usePlace } from "../../shell/router";
import { count } from "../../text/format";
import { problems as text } from "../../text/problems";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Icon } from "../../ui/marks";
import { Menu } from "../../ui/menu";
import { Empty, Page } from "../../ui/page";
import type { Column } from "../../ui/table";
import { Tabs } from "../../ui/tabs";
import { toast } from "../../ui/toast";
import { Around } from "../../ui/trouble";
import { Cause } from "../cause";
import { PagedTable } from "../paged_table";
import { useRecipeTitles } from "../recipe_titles";
import { BulkDialog } from "../runs/bulk_dialog";

type State = Problem["state"];

export default function Problems() {
  const say = useSay(text);
  const query = new URLSearchParams(usePlace().query);
  const state: State = query.get("state") === "resolved" ? "resolved" : "open";
  const recipe = query.get("recipe") || null;
  const { title } = useRecipeTitles();
  const show = (next: State) => go(next === "open" ? "/problems" : "/problems?state=resolved", true);
  return (
    <Page title={say("title")} lead={say("lead")}>
      {recipe && (
        <p className="line">
          <button type="button" className="chip" onClick={() => show(state)}>
            {say("filter", { recipe: title(recipe) })}
            <Icon shape="close" />
          </button>
        </p>
      )}
      <Tabs
        label={say("tabs")}
        tabs={[
          { id: "open", name: say("tab.open") },
          { id: "resolved", name: say("tab.resolved") },
        ]}
        chosen={state}
        choose={show}
      >
        <List key={state} state={state} recipe={recipe} title={title} />
      </Tabs>
    </Page>
  );
}

interface ListProps {
  state: State;
  recipe: string | null;
  title: (recipe: string | null) => string;
}

function List({ state, recipe, title }: ListProps) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const forbidden = useWhyNot("operate");
  const [asked, setAsked] = useState<{ problem: Problem; deed: "resolve" | "reopen" | "replay" } | null>(null);
  const list = usePaged<Problem>(
    ["problems", state, recipe],
    async (before) => {
      const page = await statusApi.problems(state, recipe, 50, before);
      return { rows: page.problems, next: page.next };
    },
    10_000,
  );
  const settle = async (problem: Problem, deed: "resolve" | "reopen") => {
    await statusApi.settle(problem.id, deed);
    toast(say(deed === "resolve" ? "resolved.toast" : "reopened.toast"));
    renew(["problems"], ["overview"]);
  };
  const columns: Column<Problem>[] = [
    { id: "cause", name: say("cause"), main: true, cell: (one) => <Cause code={one.code} message={one.message} /> },
    {
      id: "where",
      name: say("where"),
      cell: (one) => (
        <>
          {title(one.recipe)}{" "}
          <small>
            <code>{one.step}</code> {one.operation} {one.connection}
          </small>
        </>
      ),
    },
    {
      id: "seen",
      name: say("seen"),
      cell: (one) => (
        <>
          {say("seen.since", { count: count(one.since_open, language) })}
          <small>
            {" "}
            {say("seen.all", { count: count(one.seen, language) })}
            {one.reopened > 0 && `, ${say("reopened", { count: one.reopened })}`}
          </small>
        </>
      ),
    },
    {
      id: "last",
      name: say("last"),
      cell: (one) => (
        <>
          <Ago at={one.last_ms} />
          <small>
            {" "}
            <Around say={say} text="first" hole="time">
              <Ago at={one.first_ms} />
            </Around>
          </small>
          {one.resolved_ms !== null && (
            <small>
              {" "}
              <Around say={say} text="resolved.by" hole="time">
                <Ago at={one.resolved_ms} />
              </Around>{" "}
              {one.resolved_by}
            </small>
          )}
        </>
      ),
    },
    {
      id: "deeds",
      name: say("deeds"),
      deeds: true,
      cell: (one) => (
        <div className="buttons">
          {one.state === "open" ? (
            <Button small why={forbidden} onClick={() => setAsked({ problem: one, deed: "resolve" })}>
              {say("resolve")}
            </Button>
          ) : (
            <Button small why={forbidden} onClick={() => setAsked({ problem: one, deed: "reopen" })}>
              {say("reopen")}
            </Button>
          )}
          <Menu
            label={say("runs")}
            small
            items={[
              { name: say("runs.all"), icon: "runs", act: () => go(`/runs?problem=${one.id}`) },
              ...(one.last_run === null
                ? []
                : [
                    {
                      name: say("runs.last", { id: one.last_run }),
                      icon: "right" as const,
                      act: () => go(`/runs/${one.last_run}`),
                    },
                  ]),
              {
                name: say("replay"),
                icon: "replay",
                why: forbidden,
                act: () => setAsked({ problem: one, deed: "replay" }),
              },
            ]}
          />
        </div>
      ),
    },
  ];
  return (
    <>
      <PagedTable
        list={list}
        label={say("title")}
        columns={columns}
        id={(one) => one.id}
        empty={
          <Empty title={say(`empty.${state}`)}>
            <p>{say(`empty.${state}.text`)}</p>
            <Link href="/runs?state=failed">{say("failed_runs")}</Link>
          </Empty>
        }
      />
      {asked && asked.deed !== "replay" && (
        <Confirm
          title={say(asked.deed)}
          text={<Cause code={asked.problem.code} message={asked.problem.message} />}
          verb={say(asked.deed)}
          act={() => settle(asked.problem, asked.deed === "reopen" ? "reopen" : "resolve")}
          close={() => setAsked(null)}
        />
      )}
      {asked?.deed === "replay" && (
        <BulkDialog action="replay" which={{ problem: asked.problem.id }} close={() => setAsked(null)} />
      )}
    </>
  );
}
