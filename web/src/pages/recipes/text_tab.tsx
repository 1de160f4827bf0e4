// The text of a recipe: to read with its findings, to change, and to put in force after a look at what that means.
import { useEffect, useState } from "react";
import type { Applied, RecipeDetail } from "../../api/recipes";
import { useCan } from "../../data/hub";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Section } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { type Draft, useJudged } from "./drafts";
import { AppliedNote, PlanView } from "./plan_view";
import { Findings, SourceView } from "./source_view";

interface TextTabProps {
  recipe: RecipeDetail;
  draft: Draft | null;
  change: (draft: Draft | null) => void;
  line: number | null;
}

export function TextTab({ recipe, draft, change, line }: TextTabProps) {
  const say = useSay(text);
  const mayEdit = useCan("edit");
  const [applied, setApplied] = useState<Applied | null>(null);
  const label = say("text.label", { name: recipe.title || recipe.name });
  const [at, setAt] = useState<number | null>(line);
  useEffect(() => setAt(line), [line]);
  if (draft)
    return (
      <Editor
        name={recipe.name}
        label={label}
        draft={draft}
        change={(next) => {
          setApplied(null);
          change(next);
        }}
        applied={(outcome) => {
          setApplied(outcome);
          change(null);
        }}
      />
    );
  const findings = recipe.findings ?? [];
  return (
    <>
      {applied && <AppliedNote name={recipe.title || recipe.name} applied={applied} />}
      <p className="text-deeds">
        {mayEdit ? (
          <Button onClick={() => change({ source: recipe.source, format: recipe.format })}>{say("text.edit")}</Button>
        ) : (
          <span className="muted">{say("text.read_only")}</span>
        )}
        {recipe.format === "json" && <span className="muted">{say("text.json")}</span>}
      </p>
      {findings.length > 0 && <Findings findings={findings} goTo={setAt} />}
      <SourceView source={recipe.source} label={label} findings={findings} line={at} />
    </>
  );
}

interface EditorProps {
  name: string;
  label: string;
  draft: Draft;
  change: (draft: Draft | null) => void;
  applied: (applied: Applied, name: string) => void;
  fresh?: boolean; // there is nothing to fall back on
}

// Judged while it is typed; then what it would change, then in force.
export function Editor({ name, label, draft, change, applied, fresh }: EditorProps) {
  const say = useSay(text);
  const { plan, trouble, of } = useJudged(draft, name);
  const [looking, setLooking] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const judged = of === draft.source;
  if (looking && plan && judged)
    return (
      <PlanView
        plan={plan}
        draft={draft}
        back={() => setLooking(false)}
        applied={(outcome) => applied(outcome, plan.name)}
      />
    );
  return (
    <div className="editor">
      <SourceView
        source={draft.source}
        label={label}
        findings={plan?.findings ?? []}
        line={at}
        write={(source) => {
          setAt(null);
          change({ ...draft, source });
        }}
      />
      <Section title={say("text.findings")}>
        <div aria-live="polite">
          {plan ? <Findings findings={plan.findings} goTo={setAt} /> : <p className="muted">{say("text.checking")}</p>}
        </div>
        {trouble && <Trouble trouble={trouble} />}
      </Section>
      <div className="buttons">
        {!fresh && <Button onClick={() => change(null)}>{say("text.discard")}</Button>}
        <Button kind="strong" disabled={!judged || !plan || plan.state === "invalid"} onClick={() => setLooking(true)}>
          {say(judged ? "text.check" : "text.checking")}
        </Button>
      </div>
    </div>
  );
}
