// What the pages of recipes share: reads, addresses, the switch with its question, the way back.
import { useState } from "react";
import { type Recipe, recipesApi } from "../../api/recipes";
import type { Hold } from "../../api/repair";
import { useCan } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Badge } from "../../ui/marks";
import { HoldMark } from "../lists/hold_button";

export const recipesKey = ["recipes"];
export const useRecipes = () => useRead(recipesKey, recipesApi.list, { every: 10_000 });
export const useRecipe = (name: string) => useRead(["recipes", name], () => recipesApi.one(name), { every: 10_000 });
export const pathOf = (name: string, tab = ""): string => `/recipes/${encodeURIComponent(name)}${tab && `/${tab}`}`;

export function Back() {
  const say = useSay(text);
  return (
    <Link className="back" href="/recipes">
      ‹ {say("page.title")}
    </Link>
  );
}

export function Standing({ recipe, hold }: { recipe: Recipe; hold: Hold | undefined }) {
  const say = useSay(text);
  return (
    <>
      <Badge tone={recipe.enabled ? "finished" : "cancelled"} icon={recipe.enabled ? "finished" : "stopped"}>
        {say(recipe.enabled ? "row.on" : "row.off")}
      </Badge>
      <HoldMark hold={hold} />
    </>
  );
}

// Switching on is done at once; switching off says first what it means.
export function Switch({ recipe, small }: { recipe: Recipe; small?: boolean }) {
  const say = useSay(text);
  const mayEdit = useCan("edit");
  const [asking, setAsking] = useState(false);
  if (!mayEdit) return null;
  const turn = async (on: boolean) => {
    await recipesApi.enable(recipe.name, on);
    renew(recipesKey);
  };
  const name = recipe.title || recipe.name;
  return (
    <>
      <Button
        small={small}
        aria-label={`${say(recipe.enabled ? "switch.off" : "switch.on")}: ${name}`}
        onClick={() => (recipe.enabled ? setAsking(true) : void turn(true))}
      >
        {say(recipe.enabled ? "switch.off" : "switch.on")}
      </Button>
      {asking && (
        <Confirm
          title={say("switch.off.title", { name })}
          text={say("switch.off.text", { count: recipe.health?.live ?? 0 })}
          verb={say("switch.off")}
          act={() => turn(false)}
          close={() => setAsking(false)}
        />
      )}
    </>
  );
}
