// A step taken as done with an answer that a person gives: JSON, with the fields that its operation tells.
import { useState } from "react";
import type { Operation } from "../../api/connections";
import { parseExact, pretty } from "../../api/json_text";
import { type RunDetail, runsApi } from "../../api/runs";
import { renew } from "../../data/query";
import { run as text } from "../../text/run";
import { useBoth, useSay } from "../../text/surroundings";
import { Confirm } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { toast } from "../../ui/toast";
import { useConnector } from "../connections/parts";
import { outputSample, problemOf } from "./substitute";

export function ResumeDialog({ run, close }: { run: RunDetail; close: () => void }) {
  const say = useSay(text);
  const both = useBoth();
  const step = run.steps.findLast((one) => one.state !== "done") ?? run.steps.at(-1);
  const [connector = "", ...rest] = (step?.operation ?? "").split(".");
  const found = useConnector(connector === "" ? null : connector).value;
  const operation: Operation | undefined = found?.operations?.find((one) => one.name === rest.join("."));
  const [typed, setTyped] = useState<string | null>(null);
  const data = typed ?? pretty(outputSample(operation?.outputs ?? []));
  const wrong = problemOf(data);
  return (
    <Confirm
      title={say("resume.title", { step: step?.step ?? run.at_step })}
      text={say("resume.text", { operation: step?.operation ?? "" })}
      verb={say("do.resume")}
      ready={wrong === null}
      act={() => runsApi.resume(run, parseExact(data))}
      close={close}
      refused={() => renew(["run", run.id])}
      done={() => {
        toast(say("did", { what: say("do.resume"), id: run.id }));
        renew(["run", run.id]);
      }}
    >
      <Field
        name={say("resume.data")}
        help={say("resume.help")}
        wrong={wrong === null ? null : say("resume.wrong", { why: wrong })}
      >
        {(tied) => (
          <textarea
            {...tied}
            rows={10}
            spellCheck={false}
            value={data}
            onChange={(change) => setTyped(change.target.value)}
          />
        )}
      </Field>
      {operation?.outputs && operation.outputs.length > 0 && (
        <dl className="facts">
          {operation.outputs.map((output) => (
            <div key={output.name}>
              <dt>
                <code>{output.name}</code>
              </dt>
              <dd>
                {both(output.title)} <small>{output.type}</small>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Confirm>
  );
}
