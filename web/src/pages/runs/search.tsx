// The search over runs: typed as words and name:value terms, with names and values offered; below, how the hub read it.
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { connectionsApi } from "../../api/connections";
import type { Recipe } from "../../api/recipes";
import { runStates, runsApi, type Term } from "../../api/runs";
import { useRead } from "../../data/query";
import { runs as text } from "../../text/runs";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { useDeeds } from "../../ui/deeds";
import { Icon } from "../../ui/marks";
import { type Completion, complete, completionAt, tokens, without } from "./query";

interface SearchProps {
  q: string;
  terms: readonly Term[];
  recipes: readonly Recipe[];
  search: (q: string) => void;
}
interface Offer {
  value: string;
  title: string;
}
const pause = 250;
// Names that connectors and recipes often give to what they mark; any other stands for itself.
const knownFields = ["order", "email", "phone", "product", "invoice", "payment", "ticket", "tracking", "name"] as const;
const isKnown = (name: string): name is (typeof knownFields)[number] => knownFields.some((known) => known === name);
const filterNames = ["state", "recipe", "connection", "customer", "event", "problem", "reason", "held"] as const;
const shown = 8;

export function Search({ q, terms, recipes, search }: SearchProps) {
  const say = useSay(text);
  const [typed, setTyped] = useState(q);
  const [where, setWhere] = useState<Completion | null>(null);
  const [at, setAt] = useState(-1);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const sent = useRef(q);
  const later = useRef(0);
  // Changed elsewhere: a view, a chip, the back button.
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setTyped(q);
  }, [q]);
  useEffect(() => () => clearTimeout(later.current), []);
  useDeeds((deed) => {
    if (deed !== "search") return false;
    field.current?.focus();
    field.current?.select();
    return true;
  });

  const send = (value: string) => {
    clearTimeout(later.current);
    sent.current = value.trim();
    search(value.trim());
  };
  const type = (value: string, caret: number, isWhole: boolean) => {
    setTyped(value);
    const next = completionAt(value, caret);
    setWhere(next);
    setAt(-1);
    clearTimeout(later.current);
    const isBegun = next?.name != null && next.typed === ""; // "recipe:" asks for nothing yet
    if (isWhole && !isBegun) later.current = window.setTimeout(() => send(value), pause);
  };
  const offers = useOffers(where, recipes).slice(0, shown);
  const take = (offer: Offer) => {
    if (!where) return;
    const next = complete(typed, where, offer.value);
    type(next.q, next.caret, true);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const pressed = (press: KeyboardEvent) => {
    if (press.nativeEvent.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    if (by && offers.length > 0) {
      press.preventDefault();
      setAt((at + by + offers.length + (at < 0 && by < 0 ? 1 : 0)) % offers.length);
    } else if (press.key === "Enter") {
      press.preventDefault();
      const offer = offers[at];
      if (offer) take(offer);
      else {
        setWhere(null);
        send(typed);
      }
    } else if (press.key === "Escape") {
      press.preventDefault();
      press.stopPropagation();
      if (where && offers.length > 0) setWhere(null);
      else field.current?.blur();
    } else if (press.key === "Tab") setWhere(null);
  };
  const open = offers.length > 0;
  const parts = tokens(q);
  return (
    <div className="search">
      <div className="search-field">
        <Icon shape="search" />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label={say("search.title")}
          aria-expanded={open}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={open && at >= 0 ? `${list}-${at}` : undefined}
          placeholder={say("search.hint")}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(change) => {
            const composing = (change.nativeEvent as InputEvent).isComposing;
            type(change.target.value, change.target.selectionStart ?? change.target.value.length, !composing);
          }}
          onCompositionEnd={(end) => type(end.currentTarget.value, end.currentTarget.selectionStart ?? 0, true)}
          onKeyDown={pressed}
          onBlur={() => setWhere(null)}
        />
        {typed !== "" && (
          <Button
            kind="quiet"
            icon="close"
            only
            small
            aria-label={say("search.clear")}
            onClick={() => {
              setTyped("");
              send("");
              field.current?.focus();
            }}
          />
        )}
        {open && (
          <ul id={list} role="listbox" aria-label={say("search.offers")}>
            {offers.map((offer, index) => (
              <li
                key={offer.value}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === at}
                onPointerDown={(press) => press.preventDefault()}
                onClick={() => take(offer)}
              >
                <code>{where?.name === null ? `${offer.value}:` : offer.value}</code>
                {offer.title !== offer.value && <small>{offer.title}</small>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {terms.length > 0 && (
        <p className="terms">
          <span className="muted">{say("search.read_as")}</span>
          {terms.map((term, index) => {
            const name = term.name ? `${term.name}: ${term.value}` : term.value;
            return (
              <span key={index} className="term" data-kind={term.kind} title={say(`search.kind.${term.kind}`)}>
                {name}
                {parts.length === terms.length && (
                  <Button
                    kind="quiet"
                    icon="close"
                    only
                    small
                    aria-label={say("filter.remove", { name })}
                    onClick={() => send(without(q, index))}
                  />
                )}
              </span>
            );
          })}
        </p>
      )}
    </div>
  );
}

// Names that can stand before a colon, or the values of one.
function useOffers(where: Completion | null, recipes: readonly Recipe[]): Offer[] {
  const say = useSay(text);
  const fields = useRead(["search", "fields"], runsApi.fields, { when: where !== null }).value ?? [];
  const connections = useRead(["connections"], connectionsApi.list, { when: where?.name === "connection" }).value ?? [];
  if (!where) return [];
  const typed = where.typed.toLowerCase();
  const fits = (offer: Offer) =>
    offer.value.toLowerCase().startsWith(typed) || (typed !== "" && offer.title.toLowerCase().includes(typed));
  if (where.name === null) {
    if (typed === "") return [];
    const names = fields.map((name) => ({ value: name, title: isKnown(name) ? say(`search.field.${name}`) : name }));
    const own = filterNames
      .filter((name) => !fields.includes(name))
      .map((name) => ({ value: name, title: say(`search.name.${name}`) }));
    return [...own, ...names].filter(fits);
  }
  const values: Record<string, Offer[]> = {
    state: runStates.map((state) => ({ value: state, title: say(`state.${state}`) })),
    recipe: recipes.map((one) => ({ value: one.name, title: one.title || one.name })),
    connection: connections.map((one) => ({ value: one.name, title: one.connector })),
    held: [{ value: "yes", title: say("state.held") }],
  };
  const known = Object.hasOwn(values, where.name) ? (values[where.name] ?? []) : [];
  return known.filter((offer) => fits(offer) && offer.value !== where.typed);
}
