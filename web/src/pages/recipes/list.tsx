// The list of recipes with their health.
import type { Recipe } from "../../api/recipes";
import { useCan } from "../../data/hub";
import { Link } from "../../shell/router";
import { count } from "../../text/format";
import { recipes as text } from "../../text/recipes";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { Command } from "../../ui/code";
import { Icon } from "../../ui/marks";
import { Empty, Page } from "../../ui/page";
import type { Column } from "../../ui/table";
import { Around } from "../../ui/trouble";
import { FoundTable } from "../found_table";
import { useHolds } from "../lists/hold_button";
import { pathOf, Standing, Switch, useRecipes } from "./parts";

const numbers = ["live", "waiting", "in_doubt", "failed_day"] as const;
const tones = { live: "acting", waiting: "waiting", in_doubt: "in_doubt", failed_day: "failed" } as const;

export function RecipeList() {
  const say = useSay(text);
  const { language } = useSurroundings();
  const list = useRecipes();
  const holdOf = useHolds();
  const mayEdit = useCan("edit");
  const columns: Column<Recipe>[] = [
    {
      id: "name",
      name: say("page.title"),
      main: true,
      cell: (one) => (
        <>
          <Link className="row-link" href={pathOf(one.name)}>
            {one.title || one.name}
          </Link>
          <small>
            {one.name}
            {one.trigger !== "" && ` · ${say("row.trigger")} ${one.trigger}`}
          </small>
        </>
      ),
    },
    {
      id: "standing",
      name: say("one.state"),
      bare: true,
      cell: (one) => (
        <span className="standing">
          <Standing recipe={one} hold={holdOf("recipe", one.name)} />
        </span>
      ),
    },
    ...numbers.map(
      (which): Column<Recipe> => ({
        id: which,
        name: say(`row.${which}`),
        number: true,
        cell: (one) =>
          one.health?.[which] ? (
            <Link className="number" data-state={tones[which]} href={runsWith(one.name, which)}>
              {count(one.health[which], language)}
            </Link>
          ) : null,
      }),
    ),
    {
      id: "problems",
      name: say("row.problems.head"),
      bare: true,
      cell: (one) =>
        one.problems_open ? (
          <Link href={`/problems?recipe=${encodeURIComponent(one.name)}`}>
            {say("row.problems", { count: one.problems_open })}
          </Link>
        ) : null,
    },
    {
      id: "started",
      name: say("row.started"),
      cell: (one) =>
        one.health === undefined ? null : one.health.last_started_ms === null ? (
          <span className="muted">{say("row.never")}</span>
        ) : (
          <Ago at={one.health.last_started_ms} />
        ),
    },
    { id: "deeds", name: say("switch.on"), deeds: true, cell: (one) => <Switch recipe={one} small /> },
  ];
  const add = (
    <Link className="button strong" href="/recipes/+new">
      <Icon shape="plus" />
      {say("page.new")}
    </Link>
  );
  return (
    <Page title={say("page.title")} lead={say("page.about")} deeds={mayEdit && add}>
      <FoundTable
        list={list}
        label={say("page.title")}
        columns={columns}
        id={(one) => one.name}
        words={(one) => `${one.name} ${one.title} ${one.trigger}`}
        find={say("page.find")}
        none={say("page.none")}
        empty={
          <Empty title={say("empty.title")}>
            <p>{say("empty.text")}</p>
            <ol>
              <li>
                <Link href="/connections">{say("empty.one")}</Link>
              </li>
              <li>
                <Around say={say} text="empty.two" hole="command">
                  <Command text="ieum recipe apply recipes" />
                </Around>
              </li>
              <li>{say("empty.three")}</li>
            </ol>
            {mayEdit && <p>{add}</p>}
          </Empty>
        }
      />
    </Page>
  );
}

const day = 86_400_000;
function runsWith(recipe: string, which: (typeof numbers)[number]): string {
  const base = `/runs?recipe=${encodeURIComponent(recipe)}`;
  if (which === "failed_day") return `${base}&state=failed&from_ms=${Date.now() - day}`;
  return which === "live" ? base : `${base}&state=${which}`;
}
