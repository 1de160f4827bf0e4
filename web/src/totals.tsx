// The top of the page: how the hub is, how many runs are in which state, and the filter that these numbers are.
import type { Ref } from "react";
import { isFiltered, type View } from "./address";
import { endStates, liveStates, type Recipe, type RunState, type Status } from "./api";
import { count } from "./format";
import type { Link } from "./live";
import { Icon } from "./marks";
import { type Choices, Moment, useSurroundings } from "./surroundings";

interface TopProps {
  link: Link;
  status: Status | null;
  choices: Choices;
  choose: (choices: Choices) => void;
  help: () => void;
  send: () => void;
  logOut: () => void;
}

export function TopBar({ link, status, choices, choose, help, send, logOut }: TopProps) {
  const { say, language } = useSurroundings();
  const nextTheme = { auto: "light", light: "dark", dark: "auto" } as const;
  const totals = status?.totals;
  const aside = (totals?.events_set_aside ?? 0) + (totals?.events_quarantined ?? 0);
  return (
    <header className="top">
      <h1>
        <img src="/ieum.svg" alt="" width="24" height="24" />
        {say("app.name")}
      </h1>
      <p
        className="link"
        data-link={link}
        role="status"
        title={status ? say("top.version", { version: status.version }) : ""}
      >
        <span className="lamp" />
        {say(link === "out" ? "link.connecting" : `link.${link}`)}
      </p>
      {status?.clock.kind === "virtual" && (
        <p className="virtual" title={say("clock.virtual.help")}>
          <Icon shape="waiting" />
          <span className="wide">{say("clock.virtual")} </span>
          <Moment at={status.clock.now_ms} />
        </p>
      )}
      {totals && (
        <p className="events">
          <span>
            {say("top.events")} <b>{count(totals.events, language)}</b>
          </span>
          {aside > 0 && (
            <span className="aside" title={say("top.set_aside.help")}>
              <Icon shape="warning" />
              {say("top.set_aside")} <b>{count(aside, language)}</b>
            </span>
          )}
        </p>
      )}
      <nav aria-label={say("app.name")}>
        <button type="button" className="quiet" aria-label={say("send.open")} onClick={send}>
          <Icon shape="send" />
          <span className="wide">{say("send.open")}</span>
        </button>
        <button
          type="button"
          className="quiet"
          aria-label={say("top.language")}
          title={say("top.language")}
          onClick={() => choose({ ...choices, language: language === "ko" ? "en" : "ko" })}
        >
          {language === "ko" ? "EN" : "한"}
        </button>
        <button
          type="button"
          className="quiet square"
          aria-label={say(`top.theme.${choices.theme}`)}
          title={say(`top.theme.${choices.theme}`)}
          onClick={() => choose({ ...choices, theme: nextTheme[choices.theme] })}
        >
          <Icon shape={choices.theme} />
        </button>
        <button
          type="button"
          className="quiet square for-keyboard"
          aria-label={say("top.help")}
          title={`${say("top.help")} (?)`}
          onClick={help}
        >
          <Icon shape="keyboard" />
        </button>
        <button
          type="button"
          className="quiet square"
          aria-label={say("top.log_out")}
          title={say("top.log_out")}
          onClick={logOut}
        >
          <Icon shape="leave" />
        </button>
      </nav>
    </header>
  );
}

// The states that are counted; the other three ends stand in a list of their own.
const counted: readonly RunState[] = [...liveStates, "failed", "finished"];
const others = endStates.filter((state) => !counted.includes(state));

interface FilterProps {
  view: View;
  go: (change: Partial<View>) => void;
  status: Status | null;
  recipes: Recipe[];
  first: Ref<HTMLSelectElement>;
}

export function Filter({ view, go, status, recipes, first }: FilterProps) {
  const { say, language } = useSurroundings();
  const totals = status?.totals;
  const number = (state: RunState | null): number | undefined =>
    state === null ? totals?.runs : totals?.[`runs_${state}` as keyof typeof totals];
  const tile = (state: RunState | null) => (
    <button
      key={state ?? "all"}
      type="button"
      className="tile"
      data-state={state ?? "all"}
      data-zero={number(state) === 0}
      aria-pressed={view.state === state}
      title={state ? say(`state.${state}.help`) : undefined}
      onClick={() => go({ state })}
    >
      <span>
        {state && <Icon shape={state} />}
        {say(state ? `state.${state}` : "state.all")}
      </span>
      <b>{number(state) === undefined ? "–" : count(number(state) ?? 0, language)}</b>
    </button>
  );
  const isOther = view.state !== null && others.includes(view.state as (typeof others)[number]);
  const chip = (name: string, change: Partial<View>) => (
    <button type="button" className="chip" aria-label={say("filter.remove", { name })} onClick={() => go(change)}>
      {name}
      <Icon shape="close" />
    </button>
  );
  return (
    <search aria-label={say("filter.title")}>
      <div className="tiles">{[null, ...counted].map(tile)}</div>
      <div className="selects">
        <label>
          {say("filter.recipe")}
          <select
            ref={first}
            value={view.recipe ?? ""}
            onChange={(change) => go({ recipe: change.target.value || null })}
          >
            <option value="">{say("filter.recipe.all")}</option>
            {view.recipe !== null && !recipes.some((recipe) => recipe.name === view.recipe) && (
              <option value={view.recipe}>{view.recipe}</option>
            )}
            {recipes.map((recipe) => (
              <option key={recipe.name} value={recipe.name}>
                {recipe.title || recipe.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("filter.other")}
          <select
            value={isOther ? (view.state ?? "") : ""}
            onChange={(change) => go({ state: (change.target.value || null) as RunState | null })}
          >
            <option value="">–</option>
            {others.map((state) => (
              <option key={state} value={state}>
                {say(`state.${state}`)}
              </option>
            ))}
          </select>
        </label>
        {view.customer !== null && chip(say("filter.customer", { id: view.customer }), { customer: null })}
        {view.event !== null && chip(say("filter.event", { id: view.event }), { event: null })}
        {isFiltered(view) && (
          <button
            type="button"
            className="quiet"
            onClick={() => go({ state: null, recipe: null, customer: null, event: null })}
          >
            {say("filter.clear")}
          </button>
        )}
      </div>
    </search>
  );
}
