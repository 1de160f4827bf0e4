// What happened in a run as a test: the command that writes it into the recipe, and the record to take along.
import { pretty } from "../../api/json_text";
import { type RunDetail, runsApi } from "../../api/runs";
import { useRead } from "../../data/query";
import { run as text } from "../../text/run";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Code, Command, download } from "../../ui/code";
import { Dialog } from "../../ui/dialog";
import { Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";

export function RecordDialog({ run, close }: { run: RunDetail; close: () => void }) {
  const say = useSay(text);
  const { value, trouble, again } = useRead(["run", run.id, "record"], () => runsApi.record(run.id));
  return (
    <Dialog title={say("record.title", { id: run.id })} close={close} wide>
      <p>{say("record.text")}</p>
      <p>
        <Command text={`ieum run record ${run.id}`} />
      </p>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {value === undefined && !trouble && <Skeleton rows={3} />}
      {value !== undefined && (
        <>
          <Code title={say("record.data")} text={pretty(value)} />
          <div className="buttons">
            <Button icon="download" kind="strong" onClick={() => download(`run-${run.id}.json`, pretty(value))}>
              {say("record.download")}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
