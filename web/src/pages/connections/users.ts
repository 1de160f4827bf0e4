// Which recipes use a connection: those whose text names it, or names its connector where the connection is called the same.
import type { Connection } from "../../api/connections";
import { type Recipe, recipesApi } from "../../api/recipes";
import { useRead } from "../../data/query";

// A step that names no connection uses the one that is called as its connector.
export function uses(source: string, connection: Pick<Connection, "name" | "connector">): boolean {
  const name = connection.name.replace(/[-_]/g, "\\$&");
  if (new RegExp(`\\bconnection"?\\s*:\\s*["']?${name}(?![a-z0-9_-])`).test(source)) return true;
  if (connection.name !== connection.connector) return false;
  return new RegExp(`(\\buse"?\\s*:\\s*["']?${name}\\.|\\bevent"?\\s*:\\s*["']?${name}/)`).test(source);
}

const atOnce = 6;
async function readTexts(): Promise<{ recipe: Recipe; source: string }[]> {
  const left = await recipesApi.list();
  const found: { recipe: Recipe; source: string }[] = [];
  while (left.length > 0) {
    const turn = left
      .splice(0, atOnce)
      .map(async (recipe) => ({ recipe, source: (await recipesApi.one(recipe.name)).source }));
    found.push(...(await Promise.all(turn)));
  }
  return found;
}

export function useUsers(connection: Connection): readonly Recipe[] {
  const { value } = useRead(["recipes", "texts"], readTexts);
  return (value ?? []).filter(({ source }) => uses(source, connection)).map(({ recipe }) => recipe);
}
