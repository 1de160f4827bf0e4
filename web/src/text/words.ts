// How the console says something: each text stands once, in English and Korean side by side, so that none can lack the other.
import type { Language } from "./format";

export type Pair = readonly [english: string, korean: string];
export type Area = Readonly<Record<string, Pair>>;
export type Fill = Record<string, string | number>;

// The texts of one part of the console. A page that is loaded later brings its own.
export const words = <const A extends Area>(area: A): A => area;

// Text with its {names} filled; one that nobody gave stays visible.
export function fill(text: string, values: Fill = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(Object.hasOwn(values, name) ? values[name] : whole),
  );
}

export type SayOf<A extends Area> = (key: keyof A & string, values?: Fill) => string;

export const sayIn =
  <A extends Area>(area: A, language: Language): SayOf<A> =>
  (key, values) =>
    fill(area[key]?.[language === "ko" ? 1 : 0] ?? key, values);

// A key put together from what the hub says; nothing when no such word is known.
export const known = <A extends Area>(area: A, key: string): (keyof A & string) | null =>
  Object.hasOwn(area, key) ? key : null;
