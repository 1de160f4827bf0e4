// One recipe: its graph with live counts, its text, a trial, its versions, its runs. Each view is a tab with an address of
// its own; a view that is written later is one entry more.
import type { ReactNode } from "react";
import type { RecipeDetail } from "../../api/recipes";
import { go, usePlace } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { Ago, useSay } from "../../text/surroundings";
import { Empty, Page, Skeleton } from "../../ui/page";
import { Tabs } from "../../ui/tabs";
import { Around, Trouble } from "../../ui/trouble";
import { HoldButton, useHolds } from "../lists/hold_button";
import { type Draft, useDraft, useLeaveWarning } from "./drafts";
import { GraphTab } from "./graph_tab";
import { Back, pathOf, Standing, Switch, useRecipe, useRecipes } from "./parts";
import { RunsTab } from "./runs_tab";
import { TextTab } from "./text_tab";
import { TryTab } from "./try_tab";
import { VersionsTab } from "./versions_tab";

interface ViewProps {
  recipe: RecipeDetail;
  draft: Draft | null;
  change: (draft: Draft | null) => void;
  openText: (line: number | null) => void;
  line: number | null;
}
const views = {
  graph: (props: ViewProps) => <GraphTab recipe={props.recipe} openText={props.openText} />,
  text: (props: ViewProps) => <TextTab {...props} />,
  try: (props: ViewProps) => <TryTab recipe={props.recipe} draft={props.draft} />,
  versions: (props: ViewProps) => <VersionsTab {...props} />,
  runs: (props: ViewProps) => <RunsTab recipe={props.recipe} />,
} satisfies Record<string, (props: ViewProps) => ReactNode>;
type View = keyof typeof views;
const order = Object.keys(views) as View[];

export function RecipePage({ name, tab }: { name: string; tab: string }) {
  const say = useSay(text);
  const { query } = usePlace();
  const { value, trouble, again } = useRecipe(name);
  const row = useRecipes().value?.find((one) => one.name === name);
  const holdOf = useHolds();
  const [draft, setDraft] = useDraft(name);
  useLeaveWarning(draft !== null && draft.source !== value?.source);
  if (!value)
    return (
      <Page title={name} before={<Back />}>
        {trouble?.code === "unknown_recipe" ? (
          <Empty title={say("error.unknown_recipe")} />
        ) : trouble ? (
          <Trouble trouble={trouble} again={again} />
        ) : (
          <Skeleton rows={6} />
        )}
      </Page>
    );
  const chosen = order.find((one) => one === tab) ?? "graph";
  const recipe = { ...value, ...(row ? { health: row.health, problems_open: row.problems_open } : {}) };
  const lead = (
    <span className="standing">
      <Standing recipe={recipe} hold={holdOf("recipe", name)} />
      <span>
        {recipe.name} · {say("one.live", { count: recipe.live_runs })} ·{" "}
        <Around say={say} text="one.version" hole="time">
          <Ago at={recipe.applied_ms} />
        </Around>
      </span>
    </span>
  );
  const line = Number(new URLSearchParams(query).get("line")) || null;
  return (
    <Page
      title={recipe.title || recipe.name}
      lead={lead}
      before={<Back />}
      deeds={
        <>
          <HoldButton kind="recipe" name={recipe.name} />
          <Switch recipe={recipe} />
        </>
      }
    >
      <Tabs
        label={recipe.title || recipe.name}
        tabs={order.map((id) => ({ id, name: id === "text" && draft ? say("tab.text.draft") : say(`tab.${id}`) }))}
        chosen={chosen}
        choose={(id) => go(pathOf(name, id), true)}
      >
        {views[chosen]({
          recipe,
          draft,
          change: setDraft,
          line,
          openText: (at) => go(`${pathOf(name, "text")}${at ? `?line=${at}` : ""}`),
        })}
      </Tabs>
    </Page>
  );
}
