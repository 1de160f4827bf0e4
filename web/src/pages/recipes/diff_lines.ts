// A semantic diff as lines to read: what came, what went, what moved, what changed from which value to which. Pure.
import type { Change, Diff, KeyChange } from "../../api/recipes";

export type Sign = "added" | "removed" | "changed" | "moved" | "renamed";
export interface ValueChange {
  path: string;
  before: string | null;
  after: string | null;
}
export interface DiffLine {
  sign: Sign;
  part: "recipe" | "step" | "test";
  name: string;
  what: string; // what the step does
  from: string;
  to: string;
  values: ValueChange[];
}

const shownMax = 400;
export function valueText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

const valueChange = (key: KeyChange): ValueChange => ({
  path: key.path,
  before: key.before === undefined ? null : valueText(key.before),
  after: key.after === undefined ? null : valueText(key.after),
});

// A whole that came or went alone says so by its sign.
function signOf(change: Change): Sign {
  if (change.kind === "added" || change.kind === "removed" || change.kind === "moved") return change.kind;
  const keys = change.keys ?? [];
  if (change.kind !== "changed" && keys.length > 0) {
    if (keys.every((key) => key.before === undefined)) return "added";
    if (keys.every((key) => key.after === undefined)) return "removed";
  }
  return "changed";
}

function lineOf(change: Change): DiffLine {
  const part = change.kind === "header" ? "recipe" : change.kind === "test" ? "test" : "step";
  return {
    sign: signOf(change),
    part,
    name: change.step ?? change.keys?.[0]?.path ?? "",
    what: change.what ?? "",
    from: change.from ?? "",
    to: change.to ?? "",
    values: part === "test" ? [] : (change.keys ?? []).map(valueChange),
  };
}

export function diffLines(diff: Diff): DiffLine[] {
  const renamed = diff.renamed.map(
    ({ from, to }): DiffLine => ({ sign: "renamed", part: "step", name: from, what: "", from, to, values: [] }),
  );
  return [...diff.changes.map(lineOf), ...renamed];
}
