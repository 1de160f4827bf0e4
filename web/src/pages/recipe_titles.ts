// What recipes are called; a name stands in until its title is known.
import { useCallback, useEffect } from "react";
import { type Recipe, recipesApi } from "../api/recipes";
import type { Run } from "../api/runs";
import { renew, useRead } from "../data/query";
import { useSurroundings } from "../text/surroundings";

const none: readonly Recipe[] = [];

export function useRecipeTitles(runs: readonly Run[] = []) {
  const { say } = useSurroundings();
  const recipes = useRead(["recipes"], recipesApi.list).value ?? none;
  // A recipe that came while the page was open.
  const unknown = runs.find((run) => run.recipe && !recipes.some((one) => one.name === run.recipe))?.recipe ?? "";
  useEffect(() => {
    if (unknown !== "") renew(["recipes"]);
  }, [unknown]);
  const title = useCallback(
    (name: string | null) => {
      if (name === null) return say("recipe.gone");
      return recipes.find((one) => one.name === name)?.title || name;
    },
    [recipes, say],
  );
  return { title, recipes };
}
