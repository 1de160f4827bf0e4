// The address of the runs list: the search text and the filters, which a reload, a bookmark and a saved view keep.
import { type RunFilter, type RunState, runStates } from "../../api/runs";
import { everything } from "../../data/run_list";
import { idOf } from "../../shell/router";

const time = (text: string | null): number | null => (text && /^[0-9]{1,15}$/.test(text) ? Number(text) : null);

// What an address does not know is left out.
export function readFilter(search: string): RunFilter {
  const query = new URLSearchParams(search);
  const state = query.get("state");
  return {
    q: query.get("q") ?? "",
    state: runStates.includes(state as RunState) ? (state as RunState) : null,
    recipe: query.get("recipe") || null,
    customer: idOf(query.get("customer")),
    event: idOf(query.get("event")),
    connection: query.get("connection") || null,
    reason: query.get("reason") || null,
    problem: idOf(query.get("problem")),
    held: query.get("held") === "yes",
    replay_of: idOf(query.get("replay_of")),
    from_ms: time(query.get("from_ms")),
    until_ms: time(query.get("until_ms")),
  };
}

const names = Object.keys(everything) as (keyof RunFilter)[];

// "" or "?q=1042&state=waiting", always in the same order.
export function writeFilter(filter: Partial<RunFilter>): string {
  const query = new URLSearchParams();
  for (const name of names) {
    const value = filter[name];
    if (value === true) query.set(name, "yes");
    else if (value !== undefined && value !== null && value !== "" && value !== false) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
export const runsAddress = (filter: Partial<RunFilter>): string => `/runs${writeFilter(filter)}`;

export const isFiltered = (filter: RunFilter): boolean => writeFilter(filter) !== "";
