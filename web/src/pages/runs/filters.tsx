// The filters of the list: states with their counts, recipe, time, and chips for what other pages have asked for.

import { useEffect, useRef } from "react";
import type { Recipe } from "../../api/recipes";
import { endStates, liveStates, type RunFilter, type RunState } from "../../api/runs";
import { live, useLive } from "../../data/hub";
import { clockTime, count } from "../../text/format";
import { runs as text } from "../../text/runs";
import { reasonText } from "../../text/shared";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/marks";
import { isFiltered } from "./address";

// The states that are counted; the other three ends stand in a list of their own.
const counted: readonly RunState[] = [...liveStates, "failed", "finished"];
const others = endStates.filter((state) => !counted.includes(state));
const hour = 3_600_000;
const spans = [
  ["hour", hour],
  ["day", 24 * hour],
  ["week", 168 * hour],
] as const;

interface FiltersProps {
  filter: RunFilter;
  change: (change: Partial<RunFilter>) => void;
  clear: () => void;
  recipes: readonly Recipe[];
}

export function States({ filter, change }: Pick<FiltersProps, "filter" | "change">) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const totals = useLive().status?.totals;
  const number = (state: RunState | null): number | undefined =>
    state === null ? totals?.runs : totals?.[`runs_${state}` as keyof typeof totals];
  // On a phone the row is wider than the screen.
  const row = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const chosen = row.current?.querySelector<HTMLElement>("[aria-pressed=true]");
    if (row.current && chosen) row.current.scrollLeft = filter.state === null ? 0 : chosen.offsetLeft - 48;
  }, [filter.state]);
  return (
    <fieldset className="states" aria-label={say("filter.state")} ref={row}>
      {[null, ...counted].map((state) => (
        <button
          key={state ?? "all"}
          type="button"
          data-state={state ?? "all"}
          data-zero={number(state) === 0}
          aria-pressed={filter.state === state}
          title={state ? say(`state.${state}.help`) : undefined}
          onClick={() => change({ state })}
        >
          {state && <Icon shape={state} />}
          <span>{say(state ? `state.${state}` : "state.all")}</span>
          <b>{number(state) === undefined ? "–" : count(number(state) ?? 0, language)}</b>
        </button>
      ))}
    </fieldset>
  );
}

export function Filters({ filter, change, clear, recipes }: FiltersProps) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const isOther = filter.state !== null && others.includes(filter.state as (typeof others)[number]);
  const chip = (name: string, without: Partial<RunFilter>) => (
    <button type="button" className="chip" aria-label={say("filter.remove", { name })} onClick={() => change(without)}>
      {name}
      <Icon shape="close" />
    </button>
  );
  return (
    <div className="filters">
      <label>
        <span>{say("filter.recipe")}</span>
        <select value={filter.recipe ?? ""} onChange={(event) => change({ recipe: event.target.value || null })}>
          <option value="">{say("filter.recipe.all")}</option>
          {filter.recipe !== null && !recipes.some((one) => one.name === filter.recipe) && (
            <option value={filter.recipe}>{filter.recipe}</option>
          )}
          {recipes.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title || one.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{say("filter.other")}</span>
        <select
          value={isOther ? (filter.state ?? "") : ""}
          onChange={(event) => change({ state: (event.target.value || null) as RunState | null })}
        >
          <option value="">–</option>
          {others.map((state) => (
            <option key={state} value={state}>
              {say(`state.${state}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{say("filter.since")}</span>
        <select
          value={filter.from_ms === null ? "" : "given"}
          onChange={(event) => {
            const span = spans.find(([name]) => name === event.target.value)?.[1];
            change({ from_ms: span ? Math.floor(live.nowMs() / 60_000) * 60_000 - span : null, until_ms: null });
          }}
        >
          <option value="">{say("filter.since.any")}</option>
          {spans.map(([name]) => (
            <option key={name} value={name}>
              {say(`filter.since.${name}`)}
            </option>
          ))}
          {filter.from_ms !== null && <option value="given">{say("filter.since.given")}</option>}
        </select>
      </label>
      {filter.customer !== null && chip(say("filter.customer", { id: filter.customer }), { customer: null })}
      {filter.event !== null && chip(say("filter.event", { id: filter.event }), { event: null })}
      {filter.connection !== null && chip(say("filter.connection", { name: filter.connection }), { connection: null })}
      {filter.reason !== null && chip(say("filter.reason", { why: reasonText(filter.reason, say) }), { reason: null })}
      {filter.problem !== null && chip(say("filter.problem", { id: filter.problem }), { problem: null })}
      {filter.replay_of !== null && chip(say("filter.replay_of", { id: filter.replay_of }), { replay_of: null })}
      {filter.until_ms !== null &&
        chip(
          filter.from_ms === null
            ? say("filter.until", { until: clockTime(filter.until_ms, live.nowMs(), language) })
            : say("filter.between", {
                from: clockTime(filter.from_ms, live.nowMs(), language),
                until: clockTime(filter.until_ms, live.nowMs(), language),
              }),
          { from_ms: null, until_ms: null },
        )}
      {filter.held && chip(say("state.held"), { held: false })}
      {isFiltered(filter) && (
        <Button kind="quiet" onClick={clear}>
          {say("filter.clear")}
        </Button>
      )}
    </div>
  );
}
