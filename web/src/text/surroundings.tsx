// What every part of the page stands in: the reader's language and the hub's clock.
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import { due, duration, type Language, moment, relative } from "./format";
import { type Say, type Shared, shared } from "./shared";
import { type Area, type SayOf, sayIn } from "./words";

interface Surroundings {
  language: Language;
  say: Say;
  nowMs: () => number;
}
const Context = createContext<Surroundings>({ language: "en", say: sayIn(shared, "en"), nowMs: Date.now });
export const useSurroundings = (): Surroundings => useContext(Context);

export function Surround(props: { language: Language; nowMs: () => number; children: ReactNode }) {
  const { language, nowMs } = props;
  const value = useMemo(() => ({ language, say: sayIn(shared, language), nowMs }), [language, nowMs]);
  return <Context value={value}>{props.children}</Context>;
}

// The words of one area, and those that all share.
export function useSay<A extends Area>(area: A): SayOf<A & Shared> {
  const { language } = useSurroundings();
  return useMemo(() => sayIn({ ...shared, ...area }, language), [area, language]);
}

// One clock for all the times on the page.
const ticked = new Set<() => void>();
let clock = 0;
const everySecond = (work: () => void): (() => void) => {
  ticked.add(work);
  if (ticked.size === 1) {
    clock = window.setInterval(() => {
      for (const one of ticked) one();
    }, 1000);
  }
  return () => {
    ticked.delete(work);
    if (ticked.size === 0) clearInterval(clock);
  };
};
// A text that depends on the time; drawn again only when it changes.
export function useTicking(text: (nowMs: number, language: Language) => string): string {
  const { language, nowMs } = useSurroundings();
  return useSyncExternalStore(everySecond, () => text(nowMs(), language));
}

export function Ago({ at, isDue = false }: { at: number; isDue?: boolean }) {
  const { language, nowMs } = useSurroundings();
  const text = useTicking((now) => (isDue ? due : relative)(at, now, language));
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at, nowMs(), language)}>
      {text}
    </time>
  );
}

// How long from one instant to another; to now while there is no other.
export function Span({ from, to }: { from: number; to: number | null }) {
  return <span>{useTicking((now, language) => duration((to ?? now) - from, language))}</span>;
}

export function Moment({ at }: { at: number }) {
  const { language, nowMs } = useSurroundings();
  return <time dateTime={new Date(at).toISOString()}>{moment(at, nowMs(), language)}</time>;
}

// A text that comes in both languages: a manifest's title, what a vendor would do.
export interface Both {
  ko: string;
  en: string;
}
export function useBoth(): (text: Both | null | undefined) => string {
  const { language } = useSurroundings();
  return (text) => text?.[language] || text?.en || text?.ko || "";
}
