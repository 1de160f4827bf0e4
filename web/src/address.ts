// The page's address: which runs are listed and which one is open. A reload, a bookmark and the back button keep both.
import { type RunFilter, type RunState, runStates } from "./api";

export interface View extends RunFilter {
  run: number | null;
}
export const everything: View = { state: null, recipe: null, customer: null, event: null, run: null };

function id(text: string | null): number | null {
  const number = text !== null && /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

// What an address does not know is left out.
export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const state = query.get("state");
  return {
    state: runStates.includes(state as RunState) ? (state as RunState) : null,
    recipe: query.get("recipe") || null,
    customer: id(query.get("customer")),
    event: id(query.get("event")),
    run: id(query.get("run")),
  };
}

// "/" or "/?state=waiting&run=12", always in the same order.
export function writeView(view: View): string {
  const query = new URLSearchParams();
  for (const name of ["state", "recipe", "customer", "event", "run"] as const) {
    const value = view[name];
    if (value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "/" : `/?${text}`;
}

export const isFiltered = (view: RunFilter): boolean =>
  view.state !== null || view.recipe !== null || view.customer !== null || view.event !== null;
