// Before a text is put in force: what it changes, which runs wait on older versions, and what becomes of them.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Applied, type PlannedRecipe, type RunsBecome, recipesApi } from "../../api/recipes";
import { renew } from "../../data/query";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Section } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { DiffView } from "./diff_view";
import type { Draft } from "./drafts";
import { recipesKey } from "./parts";

interface PlanProps {
  plan: PlannedRecipe;
  draft: Draft;
  back: () => void;
  applied: (applied: Applied) => void;
}
const fates: readonly RunsBecome[] = ["stay", "move", "cancel"];

export function PlanView({ plan, draft, back, applied }: PlanProps) {
  const say = useSay(text);
  const [runs, setRuns] = useState<RunsBecome>("stay");
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const movable = plan.waiting.reduce((sum, one) => sum + (one.can_move ? one.count : 0), 0);
  const pending = plan.absences?.pending ?? 0;
  const apply = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      applied(await recipesApi.apply(draft.source, draft.format, plan.name, runs));
      renew(recipesKey, ["runs"]);
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setWorking(false);
    }
  };
  return (
    <>
      <Section title={say("plan.title")}>
        {plan.state === "new" && <p>{say("plan.new")}</p>}
        {plan.state === "unchanged" && <p>{say("plan.unchanged")}</p>}
        {plan.state === "invalid" && <p className="problem">{say("plan.invalid")}</p>}
        {plan.diff && plan.state === "changed" && <DiffView diff={plan.diff} />}
      </Section>
      {(plan.waiting.length > 0 || plan.state === "changed") && (
        <Section title={say("plan.waiting")}>
          {plan.waiting.length === 0 && <p className="muted">{say("plan.waiting.none")}</p>}
          <ul className="plain waiting">
            {plan.waiting.map((one) => (
              <li key={`${one.version} ${one.step}`}>
                {say("plan.waiting.row", { count: one.count, step: one.step })}
                <small>{one.can_move ? say("plan.can_move") : say("plan.cannot_move", { why: one.why })}</small>
              </li>
            ))}
          </ul>
          {pending > 0 && <p className="muted">{say("plan.absences", { count: pending })}</p>}
          {plan.waiting.length > 0 && (
            <fieldset className="options">
              <legend>{say("plan.runs")}</legend>
              {fates.map((fate) => (
                <label key={fate}>
                  <input type="radio" name="runs" checked={runs === fate} onChange={() => setRuns(fate)} />
                  <span>
                    {say(`plan.${fate}`)}
                    <small>{say(`plan.${fate}.help`, { count: movable })}</small>
                  </span>
                </label>
              ))}
            </fieldset>
          )}
        </Section>
      )}
      {trouble && <Trouble trouble={trouble} />}
      <div className="buttons">
        <Button onClick={back}>{say("plan.back")}</Button>
        <Button
          kind={runs === "cancel" ? "danger" : "strong"}
          disabled={working || plan.state === "invalid" || (plan.state === "unchanged" && runs === "stay")}
          onClick={() => void apply()}
        >
          {say(working ? "plan.applying" : "plan.apply")}
        </Button>
      </div>
    </>
  );
}

export function AppliedNote({ name, applied }: { name: string; applied: Applied }) {
  const say = useSay(text);
  const { moved, cancelled, stayed, why } = applied.runs;
  return (
    <div className="note good" role="status">
      <p>
        <strong>{say("applied.title")}.</strong> {say("applied.text", { name })}
      </p>
      {moved + cancelled + stayed > 0 && <p>{say("applied.runs", { moved, cancelled, stayed })}</p>}
      {why.map((one) => (
        <p key={`${one.version} ${one.step} ${one.why}`}>
          {say("applied.why", { count: one.count, step: one.step, why: one.why })}
        </p>
      ))}
    </div>
  );
}
