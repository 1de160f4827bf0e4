// Where the reader is: the path and query of the page's address, links that change it, and the way back.
import { type AnchorHTMLAttributes, type MouseEvent, useLayoutEffect, useSyncExternalStore } from "react";

export interface Place {
  path: string;
  query: string; // "" or "?state=waiting"
  entry: string; // one visit in the browser's history
  moved: "first" | "forward" | "back";
  from: string; // the path that a link was followed from; "" where none was
}

const listeners = new Set<() => void>();
const scrolls = new Map<string, number>(); // how far down each visit was left
let entries = 0;
let place: Place | null = null;

function read(moved: Place["moved"]): Place {
  const known = (history.state as { entry?: string } | null)?.entry;
  const entry = known ?? `${Date.now()} ${++entries}`;
  if (!known) history.replaceState({ entry }, "");
  return { path: location.pathname, query: location.search, entry, moved, from: "" };
}
function moveTo(next: Place): void {
  place = next;
  for (const listener of listeners) listener();
}
const current = (): Place => {
  place ??= read("first");
  return place;
};
const watch = (listener: () => void): (() => void) => {
  if (listeners.size === 0) {
    history.scrollRestoration = "manual";
    addEventListener("popstate", popped);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) removeEventListener("popstate", popped);
  };
};
function popped(): void {
  scrolls.set(current().entry, scrollY);
  moveTo(read("back"));
}

export const usePlace = (): Place => useSyncExternalStore(watch, current);

// `isStep`: a change that the back button has nothing to say about, as each letter of a search.
export function go(to: string, isStep = false): void {
  const { entry } = current();
  if (isStep) history.replaceState({ entry }, "", to);
  else {
    scrolls.set(entry, scrollY);
    history.pushState({ entry: `${Date.now()} ${++entries}` }, "", to);
  }
  const next = read("forward");
  const { moved, from, path } = current();
  moveTo(isStep ? { ...next, moved, from } : { ...next, from: path });
}

// Stands inside a page: where it was left when it is come back to, else at its top.
export function useScroll({ entry, moved, path }: Place): void {
  useLayoutEffect(() => {
    if (moved !== "first") scrollTo(0, moved === "back" ? (scrolls.get(entry) ?? 0) : 0);
  }, [entry, path]);
}

export const isPlain = (click: MouseEvent): boolean =>
  !click.ctrlKey && !click.metaKey && !click.shiftKey && !click.altKey && click.button === 0;

export function Link(props: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const { onClick, ...rest } = props;
  return (
    <a
      {...rest}
      onClick={(click) => {
        onClick?.(click);
        if (click.defaultPrevented || !isPlain(click)) return;
        click.preventDefault();
        go(props.href);
      }}
    />
  );
}

export type Params = ReadonlyMap<string, string>;
// "/runs/:id" against "/runs/12"; a last piece "*" takes any rest, also none.
export function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  const found = new Map<string, string>();
  const rest = wanted.at(-1) === "*";
  if (rest) wanted.pop();
  if (rest ? given.length < wanted.length : given.length !== wanted.length) return null;
  for (const [index, piece] of wanted.entries()) {
    const text = given[index] ?? "";
    if (!piece.startsWith(":")) {
      if (piece !== text) return null;
      continue;
    }
    try {
      found.set(piece.slice(1), decodeURIComponent(text));
    } catch {
      return null;
    }
  }
  return found;
}

// An id in a path or query: a whole number above zero, else null.
export function idOf(text: string | null | undefined): number | null {
  const number = text && /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}
