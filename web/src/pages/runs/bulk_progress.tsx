// How far an action over many runs is, what of it could not be done, and the way to stop it.
import { useEffect, useState } from "react";
import { type BulkProgress, bulkApi } from "../../api/repair";
import { live, useWhyNot } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { count } from "../../text/format";
import { runs as text } from "../../text/runs";
import { troubleText } from "../../text/shared";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Trouble } from "../../ui/trouble";

// What came of it shows with the next look.
export const stopPlan = (plan: string): void =>
  void bulkApi.stop(plan).then(
    () => renew(["bulk"]),
    () => {},
  );

export function Progress({ plan, total, close }: { plan: string; total: number; close: () => void }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const forbidden = useWhyNot("operate");
  const [over, setOver] = useState(false);
  const { value, trouble } = useRead(["bulk", "plan", plan], () => bulkApi.progress(plan), over ? {} : { every: 700 });
  const isOver = value?.state === "done" || value?.state === "stopped";
  useEffect(() => {
    if (!isOver) return;
    setOver(true);
    live.refresh();
    renew(["overview"], ["problems"], ["holds"], ["bulk", "plans"]);
  }, [isOver]);
  const { done = 0, failed = 0 } = value ?? {};
  const words = value?.state === "stopped" ? "bulk.stopped" : isOver ? "bulk.over" : "bulk.running";
  return (
    <>
      {trouble && <Trouble trouble={trouble} />}
      <label className="bulk-progress">
        <span role="status">{say(words, { done: count(done, language), total: count(total, language) })}</span>
        <progress value={done + failed} max={total} />
      </label>
      {value && <Refused progress={value} />}
      <div className="buttons">
        {!isOver && (
          <Button why={forbidden} onClick={() => stopPlan(plan)}>
            {say("bulk.stop")}
          </Button>
        )}
        <Button kind="strong" onClick={close}>
          {say(isOver ? "action.close" : "bulk.leave")}
        </Button>
      </div>
    </>
  );
}

function Refused({ progress: { failed, problems } }: { progress: BulkProgress }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const runs = problems.filter((one) => one.run !== null);
  return (
    <>
      {problems.some((one) => one.code === "not_allowed") && (
        <p className="problem">{say("bulk.stopped.not_allowed")}</p>
      )}
      {failed > 0 && (
        <>
          <p className="problem">{say("bulk.failed", { count: count(failed, language) })}</p>
          <ul>
            {runs.map((one) => (
              <li key={one.run}>
                <Link href={`/runs/${one.run}`}>#{one.run}</Link>{" "}
                {troubleText({ status: 409, code: one.code, message: one.message, mend: "" }, say).what}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
