// One action over many runs: a look ahead at what happens again and what is refused, then it is begun.
import { useEffect, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type BulkAction, type BulkPreview, bulkApi } from "../../api/repair";
import type { RunFilter } from "../../api/runs";
import { renew } from "../../data/query";
import { Link } from "../../shell/router";
import { count } from "../../text/format";
import { runs as text } from "../../text/runs";
import { useSay, useSurroundings } from "../../text/surroundings";
import type { SayOf } from "../../text/words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { Effects } from "../run/effects";
import { Progress } from "./bulk_progress";

interface BulkDialogProps {
  action: BulkAction;
  which: { runs: number[] } | Partial<RunFilter>;
  close: () => void;
  done?: () => void; // it was begun, and is over
}

export function BulkDialog({ action, which, close, done }: BulkDialogProps) {
  const say = useSay(text);
  const [plan, setPlan] = useState<BulkPreview | null>(null);
  const [begun, setBegun] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const [pace, setPace] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    bulkApi.preview(action, which).then(
      (found) => wanted && setPlan(found),
      (cause) => wanted && setTrouble(troubleOf(cause)),
    );
    return () => {
      wanted = false;
    };
  }, [action, round]);
  const perMinute = /^[1-9][0-9]{0,5}$/.test(pace) ? Number(pace) : undefined;
  const begin = async () => {
    if (!plan) return;
    setTrouble(null);
    try {
      await bulkApi.begin(plan.plan, perMinute);
      setBegun(true);
      renew(["bulk"]);
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
  };
  const again = () => {
    setTrouble(null);
    setPlan(null);
    setRound(round + 1);
  };
  return (
    <Dialog title={say(`bulk.${action}.title`)} close={begun && done ? done : close} wide>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!plan && !trouble && <Skeleton rows={3} />}
      {plan && !begun && (
        <>
          <Preview plan={plan} />
          <Field
            name={say("bulk.pace")}
            help={say("bulk.pace.help")}
            wrong={pace !== "" && !perMinute ? say("bulk.pace.wrong") : null}
          >
            {(tied) => (
              <input
                {...tied}
                inputMode="numeric"
                value={pace}
                onChange={(change) => setPace(change.target.value.trim())}
              />
            )}
          </Field>
          <div className="buttons">
            <Button onClick={close}>{say("action.back")}</Button>
            <Button
              kind={action === "cancel" ? "danger" : "strong"}
              disabled={plan.total === 0 || (pace !== "" && !perMinute)}
              onClick={begin}
            >
              {say("bulk.begin", { what: say(`bulk.${action}`), count: plan.total })}
            </Button>
          </div>
        </>
      )}
      {plan && begun && <Progress plan={plan.plan} total={plan.total} close={done ?? close} />}
    </Dialog>
  );
}

const whys = new Map<string, "alive" | "ended" | "not_in_doubt" | "waits">([
  ["not_ended", "alive"],
  ["run_ended", "ended"],
  ["not_in_doubt", "not_in_doubt"],
  ["nothing_open", "waits"],
]);
const whyText = (one: { code: string; why: string }, say: SayOf<typeof text>): string => {
  const known = whys.get(one.code);
  return known ? say(`bulk.why.${known}`) : one.why;
};

function Preview({ plan }: { plan: BulkPreview }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  return (
    <>
      <p>
        <b>{say("bulk.total", { count: count(plan.total, language) })}</b> {plan.capped && say("bulk.capped")}
      </p>
      {plan.action === "replay" && <h3>{say("bulk.effects")}</h3>}
      {plan.action === "retry" && plan.effects.length > 0 && <h3>{say("bulk.doubled")}</h3>}
      {(plan.action === "replay" || plan.effects.length > 0) && <Effects effects={plan.effects} />}
      {plan.refused.length > 0 && (
        <>
          <h3>{say("bulk.refused")}</h3>
          <ul>
            {plan.refused.map((one) => (
              <li key={one.code}>
                {whyText(one, say)}: {count(one.count, language)}{" "}
                <small>
                  {one.runs.map((run) => (
                    <Link key={run} href={`/runs/${run}`}>
                      #{run}{" "}
                    </Link>
                  ))}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
