// A run done once more: first what it would do again, then the deed; when somebody was faster, their replay.

import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type RunDetail, runsApi } from "../../api/runs";
import { renew, useRead } from "../../data/query";
import { go, idOf, Link } from "../../shell/router";
import { run as text } from "../../text/run";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { Effects } from "./effects";

export function ReplayDialog({ run, close }: { run: RunDetail; close: () => void }) {
  const say = useSay(text);
  const look = useRead(["run", run.id, "effects"], () => runsApi.effects(run.id));
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const other = trouble?.code === "already_replayed" ? idOf(String(trouble.detail.run)) : null;
  const act = async () => {
    if (!look.value) return;
    setWorking(true);
    setTrouble(null);
    try {
      const made = await runsApi.replay(run.id, look.value.nth);
      close();
      go(`/runs/${made.id}`);
    } catch (cause) {
      setTrouble(troubleOf(cause));
      renew(["run", run.id]);
    }
    setWorking(false);
  };
  return (
    <Dialog title={say("replay.title", { id: run.id })} close={close}>
      <p>{say("replay.text")}</p>
      {look.reading && <Skeleton rows={2} />}
      {look.trouble && <Trouble trouble={look.trouble} again={look.again} />}
      {look.value && <Effects effects={look.value.effects} />}
      {trouble && <Trouble trouble={trouble} />}
      {other !== null && (
        <p>
          <Link href={`/runs/${other}`} onClick={close}>
            {say("panel.title", { id: other })}
          </Link>
        </p>
      )}
      <div className="buttons">
        <Button onClick={close}>{say("action.back")}</Button>
        <Button kind="strong" icon="replay" disabled={working || !look.value || other !== null} onClick={act}>
          {say(working ? "action.working" : "do.replay")}
        </Button>
      </div>
    </Dialog>
  );
}
