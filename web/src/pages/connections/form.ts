// The form of a connection as it is filled: which fields are shown for the choices that were made, what was entered, and
// what of it goes to the hub. Pure; the hub itself judges every value.
import type { Config, Connection, Field, Form, Question } from "../../api/connections";

export type Entered = Record<string, string>; // as typed; a list has one element a line

export interface Filling {
  connector: string;
  before: Connection | null; // the connection that is changed
  entered: Entered;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// What stands in a field for a value of the hub's.
export function asEntered(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(asEntered).join("\n");
  return typeof value === "string" ? value : isMap(value) ? JSON.stringify(value) : String(value);
}

export const lines = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

// What the hub gets for a field; nothing where the field was left empty.
export function asValue(field: Field, text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (field.type === "list") return lines(trimmed);
  if (field.type === "boolean") return trimmed === "true";
  return trimmed;
}

// What is in a field: what somebody typed, else what the connection has, else what is taken when nothing is said.
export function shown(field: Field, filling: Filling): string {
  const typed = filling.entered[field.name];
  if (typed !== undefined) return typed;
  if (field.secret) return "";
  const before = filling.before?.config[field.name];
  return asEntered(before === undefined ? field.default : before);
}

export function belongs(field: Field, value: (name: string) => string): boolean {
  return Object.entries(field.when ?? {}).every(([name, wanted]) => wanted.includes(value(name)));
}

// The choices alone: all else follows from them.
export function choicesOf(fields: readonly Question[], filling: Filling): Config {
  const config: Config = {};
  for (const field of fields) {
    if (field.need !== "choice") continue;
    const value = asValue(field, shown(field, filling));
    if (value !== undefined) config[field.name] = value;
  }
  return config;
}

// The hub leaves out what it was told, so the choices of before stay where they were, as long as they still belong.
export function merged(before: readonly Question[], form: Form, filling: Filling): Question[] {
  const all = [...before, ...form.fields];
  const value = (name: string): string => {
    const field = all.find((one) => one.name === name);
    return field ? shown(field, filling) : asEntered(filling.before?.config[name]);
  };
  const choices = before.filter((field) => field.need === "choice" && belongs(field, value));
  const kept = new Set(choices.map((field) => field.name));
  return [...choices, ...form.fields.filter((field) => !kept.has(field.name))];
}

export const hasSecret = (filling: Filling, slot: string): boolean =>
  filling.before?.secrets.some((secret) => secret.slot === slot) ?? false;

// What must be there and is not.
export function missing(fields: readonly Question[], filling: Filling): string[] {
  return fields
    .filter((field) => field.need === "must" || (field.required && field.need !== "choice"))
    .filter((field) => shown(field, filling).trim() === "" && !(field.secret && hasSecret(filling, field.name)))
    .map((field) => field.name);
}

export interface Body {
  config: Config;
  secrets: Record<string, string>;
}

// What goes to the hub: every field that is shown and filled; of a connection that is changed also what no field shows.
export function bodyOf(fields: readonly Question[], filling: Filling): Body {
  const names = new Set(fields.map((field) => field.name));
  const config: Config = {};
  for (const [name, value] of Object.entries(filling.before?.config ?? {})) if (!names.has(name)) config[name] = value;
  const secrets: Record<string, string> = {};
  for (const field of fields) {
    const text = shown(field, filling);
    if (field.secret) {
      if (text.trim() !== "") secrets[field.name] = text.trim();
      continue;
    }
    const value = asValue(field, text);
    const told = filling.entered[field.name] !== undefined || filling.before?.config[field.name] !== undefined;
    if (value !== undefined && (told || field.need === "choice")) config[field.name] = value;
  }
  return { config, secrets };
}

// What is asked to judge one field alone, so that an answer is about it.
export function bodyOfOne(field: Question, fields: readonly Question[], filling: Filling): Body {
  const config = choicesOf(fields, filling);
  const text = shown(field, filling).trim();
  if (field.secret) return { config, secrets: text === "" ? {} : { [field.name]: text } };
  const value = asValue(field, text);
  return { config: value === undefined ? config : { ...config, [field.name]: value }, secrets: {} };
}

// "slack", else "slack-2": the first name that is free.
export function freeName(connector: string, taken: readonly string[]): string {
  if (!taken.includes(connector)) return connector;
  for (let number = 2; ; number += 1) if (!taken.includes(`${connector}-${number}`)) return `${connector}-${number}`;
}
export const isName = (name: string): boolean => /^[a-z][a-z0-9_-]{0,62}$/.test(name);

// Where credentials go: a change drops the secrets that are there.
export const goesElsewhere = (before: Connection | null, config: Config): boolean =>
  before !== null && asEntered(before.config.base_url) !== asEntered(config.base_url);
