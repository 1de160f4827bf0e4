// What a person may do about a run: what is allowed now stands as buttons, the rest in a menu that says why not.
import { type ReactNode, useState } from "react";
import { type Allowed, type RunAction, type RunDetail, runActions, runsApi } from "../../api/runs";
import { useWhyNot } from "../../data/hub";
import { renew } from "../../data/query";
import { run as text } from "../../text/run";
import { type Say, troubleText } from "../../text/shared";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import type { Shape } from "../../ui/marks";
import { Menu } from "../../ui/menu";
import { toast } from "../../ui/toast";
import { RecordDialog } from "./record";
import { ReplayDialog } from "./replay";
import { ResumeDialog } from "./resume";

const icons: Record<RunAction, Shape> = {
  look_up: "search",
  retry: "send",
  resume: "acting",
  skip: "skipped",
  fail: "failed",
  move: "recipes",
  replay: "replay",
  cancel: "cancelled",
};
const order = (one: Allowed): number => runActions.indexOf(one.name);

const whyNot = ({ code = "", why = "" }: Allowed, say: Say): string =>
  troubleText({ status: 409, code, message: why, mend: "" }, say).what;

export function RunActions({ run }: { run: RunDetail }) {
  const say = useSay(text);
  const forbidden = useWhyNot("operate");
  // With the run as it was when it was asked: what moves behind the dialog is not what the person decides on.
  const [asked, setAsked] = useState<{ what: RunAction | "record"; run: RunDetail } | null>(null);
  const ask = (what: RunAction | "record") => setAsked({ what, run });
  const known = [...(run.actions ?? [])]
    .filter((one) => runActions.includes(one.name))
    .sort((a, b) => order(a) - order(b));
  const allowed = known.filter((one) => one.allowed);
  const refused = known.filter((one) => !one.allowed);
  // What is decided about a doubt first; the same word for all buttons but the one that ends the run.
  const kind = (name: RunAction) =>
    name === "cancel" ? "danger" : name === allowed[0]?.name && run.state === "in_doubt" ? "strong" : "plain";
  const close = () => setAsked(null);
  return (
    <>
      {allowed.map(({ name }) => (
        <Button key={name} kind={kind(name)} icon={icons[name]} why={forbidden} onClick={() => ask(name)}>
          {say(`do.${name}`)}
        </Button>
      ))}
      <Menu
        label={say("action.more")}
        icon="more"
        only
        items={[
          { name: say("do.record"), icon: "download", why: forbidden, act: () => ask("record") },
          ...refused.map((one) => ({
            name: say(`do.${one.name}`),
            icon: icons[one.name],
            why: forbidden ?? whyNot(one, say),
            act: () => ask(one.name),
          })),
        ]}
      />
      {asked && <Asked what={asked.what} run={asked.run} close={close} />}
    </>
  );
}

interface AskedProps<What> {
  what: What;
  run: RunDetail;
  close: () => void;
}
function Asked({ what, run, close }: AskedProps<RunAction | "record">) {
  switch (what) {
    case "resume":
      return <ResumeDialog run={run} close={close} />;
    case "replay":
      return <ReplayDialog run={run} close={close} />;
    case "record":
      return <RecordDialog run={run} close={close} />;
    default:
      return <Ask what={what} run={run} close={close} />;
  }
}

type Plain = Exclude<RunAction, "resume" | "replay">;

function Ask({ what, run, close }: AskedProps<Plain>) {
  const say = useSay(text);
  const step = run.steps.findLast(
    (one) => one.closed_ms === null || one.state === "in_doubt" || one.state === "failed",
  );
  const operation = step?.operation || run.at_step;
  const inDoubt = run.state === "in_doubt";
  const words: Record<Plain, ReactNode> = {
    cancel: say(inDoubt ? "cancel.doubt" : "cancel.text", { operation }),
    retry: say(inDoubt ? "retry.text" : "retry.text.known"),
    skip: say("skip.text", { step: run.at_step }),
    fail: say("fail.text"),
    look_up: say("look_up.text", { operation }),
    move: say("move.text"),
  };
  return (
    <Confirm
      title={say(`${what}.title`, { id: run.id, operation })}
      text={words[what]}
      verb={say(`do.${what}`)}
      danger={what === "cancel"}
      act={() => runsApi.act(run, what)}
      close={close}
      refused={() => renew(["run", run.id])}
      done={() => {
        toast(say("did", { what: say(`do.${what}`), id: run.id }));
        renew(["run", run.id], ["overview"], ["problems"]);
      }}
    />
  );
}
