// Recipes: the list, a new one, and one of them. Their addresses: /recipes, /recipes/+new, /recipes/NAME(/TAB).
import { match, usePlace } from "../../shell/router";
import { RecipeList } from "./list";
import { NewRecipe } from "./new";
import { RecipePage } from "./one";
import "./recipes.css";

export default function Recipes() {
  const { path } = usePlace();
  if (match("/recipes/+new", path)) return <NewRecipe />;
  const one = match("/recipes/:name", path) ?? match("/recipes/:name/:tab", path);
  const name = one?.get("name");
  if (name) return <RecipePage key={name} name={name} tab={one?.get("tab") ?? ""} />;
  return <RecipeList />;
}
