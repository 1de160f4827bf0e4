// The text that somebody is changing, until it is put in force: kept while the recipe's page stands, judged as it is typed.
import { useEffect, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type PlannedRecipe, recipesApi } from "../../api/recipes";

export interface Draft {
  source: string;
  format: "yaml" | "json";
}
export interface Judged {
  plan: PlannedRecipe | null;
  trouble: ApiError | null;
  of: string; // the text that was judged
}
const pause = 500; // ms after the last letter

export function useJudged(draft: Draft | null, name: string): Judged {
  const [judged, setJudged] = useState<Judged>({ plan: null, trouble: null, of: "" });
  const source = draft?.source ?? null;
  const format = draft?.format ?? "yaml";
  useEffect(() => {
    if (source === null) return;
    let wanted = true;
    const handle = setTimeout(() => {
      recipesApi.plan(source, format, name).then(
        (plan) => wanted && setJudged({ plan: plan ?? null, trouble: null, of: source }),
        (cause) => wanted && setJudged({ plan: null, trouble: troubleOf(cause), of: source }),
      );
    }, pause);
    return () => {
      wanted = false;
      clearTimeout(handle);
    };
  }, [source, format, name]);
  return judged;
}

// A draft stays while the console is open, also when its page is left and come back to.
const kept = new Map<string, Draft>();
export function useDraft(name: string): [Draft | null, (draft: Draft | null) => void] {
  const [draft, setDraft] = useState<Draft | null>(kept.get(name) ?? null);
  const set = (next: Draft | null) => {
    if (next) kept.set(name, next);
    else kept.delete(name);
    setDraft(next);
  };
  return [draft, set];
}

// Whoever leaves the page with a draft is asked by the browser.
export function useLeaveWarning(when: boolean): void {
  useEffect(() => {
    if (!when) return;
    const ask = (leaving: BeforeUnloadEvent) => leaving.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [when]);
}
