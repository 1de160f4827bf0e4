// What a person may do about a run: end it, or decide about a call whose fate is unknown. Each is confirmed in words.
import { useState } from "react";
import { type ApiError, api, type RunDetail } from "./api";
import type { RunFeed } from "./live";
import { Icon } from "./marks";
import { Dialog, TroubleNote, troubleOf } from "./pieces";
import { KeyLine } from "./step_card";
import { useSurroundings } from "./surroundings";
import { reasonText } from "./text";
import { type Doubt, doubtful, isLive } from "./timeline";

type Action = "cancel" | "retry";

export function RunActions({ run, feed }: { run: RunDetail; feed: RunFeed }) {
  const { say } = useSurroundings();
  const [asked, setAsked] = useState<Action | null>(null);
  const doubt = doubtful(run);
  if (!isLive(run)) return null;
  return (
    <section className={doubt ? "actions doubt" : "actions"}>
      {doubt && <WhatIsKnown doubt={doubt} />}
      <div className="buttons">
        {doubt && (
          <button type="button" className="strong" onClick={() => setAsked("retry")}>
            {say("action.retry")}
          </button>
        )}
        <button type="button" className="danger" onClick={() => setAsked("cancel")}>
          {say("action.cancel")}
        </button>
      </div>
      {asked && (
        <Confirm
          action={asked}
          run={run}
          operation={doubt?.step.operation ?? ""}
          done={() => {
            setAsked(null);
            feed.refresh();
          }}
          close={() => setAsked(null)}
        />
      )}
    </section>
  );
}

function WhatIsKnown({ doubt }: { doubt: Doubt }) {
  const { say } = useSurroundings();
  const { step, last, lookedUp } = doubt;
  const known = last?.answer
    ? say("doubt.answer", { status: last.answer.status })
    : say(last?.failure?.sent === "nothing" ? "doubt.nothing" : "doubt.maybe");
  return (
    <>
      <h3>
        <Icon shape="in_doubt" />
        {say("doubt.title")}
      </h3>
      <p>{say("doubt.text", { operation: step.operation })}</p>
      <p>
        <b>{say("doubt.known")}:</b> {known} {lookedUp && say("doubt.looked_up")}
      </p>
      {step.error && <p className="muted">{step.error.message || reasonText(step.error.code, say)}</p>}
      <KeyLine name={say("doubt.key")} text={step.key} />
    </>
  );
}

interface ConfirmProps {
  action: Action;
  run: RunDetail;
  operation: string;
  done: () => void;
  close: () => void;
}

function Confirm({ action, run, operation, done, close }: ConfirmProps) {
  const { say } = useSurroundings();
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const act = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await api[action](run.id);
      done();
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setWorking(false);
    }
  };
  const text = action === "retry" ? "retry.text" : operation === "" ? "cancel.text" : "cancel.doubt";
  return (
    <Dialog title={say(`${action}.title`, { id: run.id, operation })} close={close}>
      <p>{say(text, { operation })}</p>
      {trouble && <TroubleNote trouble={trouble} />}
      <div className="buttons">
        <button type="button" onClick={close}>
          {say("action.back")}
        </button>
        <button type="button" className={action === "cancel" ? "danger" : "strong"} disabled={working} onClick={act}>
          {say(working ? "action.working" : `action.${action}`)}
        </button>
      </div>
    </Dialog>
  );
}
