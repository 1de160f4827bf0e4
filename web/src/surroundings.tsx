// What every part of the page stands in: language, theme, and the hub's clock. Choices are kept in this browser.
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import { due, duration, type Language, moment, relative } from "./format";
import { en, type Say, sayIn } from "./text";
import { ko } from "./text_ko";

export type Theme = "auto" | "light" | "dark";
export interface Choices {
  language: Language;
  theme: Theme;
}

// A browser may refuse to keep anything; the page then forgets.
function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
export function wear(choices: Choices): void {
  document.documentElement.lang = choices.language;
  document.documentElement.dataset.theme = choices.theme;
}
// What somebody chose outlives the page; what was guessed from the browser does not.
export function keep(choices: Choices): void {
  wear(choices);
  try {
    localStorage.setItem("ieum.language", choices.language);
    localStorage.setItem("ieum.theme", choices.theme);
  } catch {
    // Then until the page is closed.
  }
}
export function firstChoices(): Choices {
  const language = kept("ieum.language");
  const theme = kept("ieum.theme");
  return {
    language: language === "ko" || language === "en" ? language : navigator.language.startsWith("ko") ? "ko" : "en",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
  };
}

interface Surroundings {
  language: Language;
  say: Say;
  nowMs: () => number;
}
const Context = createContext<Surroundings>({ language: "en", say: sayIn(en), nowMs: Date.now });
export const useSurroundings = (): Surroundings => useContext(Context);

export function Surround(props: { language: Language; nowMs: () => number; children: ReactNode }) {
  const { language, nowMs } = props;
  const value = useMemo(() => ({ language, say: sayIn(language === "ko" ? ko : en), nowMs }), [language, nowMs]);
  return <Context value={value}>{props.children}</Context>;
}

const everySecond = (work: () => void): (() => void) => {
  const handle = setInterval(work, 1000);
  return () => clearInterval(handle);
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
