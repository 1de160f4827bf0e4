// A run in doubt: what is known of the call, what a repeat would do, and what is left to decide.
import type { RunDetail } from "../../api/runs";
import { run as text } from "../../text/run";
import { Ago, Moment, useBoth, useSay } from "../../text/surroundings";
import { Icon } from "../../ui/marks";
import { Fact, Facts } from "../../ui/page";
import { CauseDetail } from "../cause";
import { KeyLine } from "./step_card";
import { doubtful } from "./timeline";

export function DoubtPanel({ run }: { run: RunDetail }) {
  const say = useSay(text);
  const both = useBoth();
  const found = doubtful(run);
  const { doubt } = run;
  if (!found) return null;
  const { step, last, lookedUp } = found;
  const sent = doubt?.bytes.sent ?? last?.failure?.sent ?? "maybe";
  return (
    <section className="doubt" aria-label={say("doubt.title")}>
      <h2>
        <Icon shape="in_doubt" />
        {say("doubt.title")}
      </h2>
      <p>{say("doubt.text", { operation: step.operation })}</p>
      <Facts>
        <Fact name={say("doubt.known")}>
          {last?.answer
            ? say("doubt.answer", { status: last.answer.status })
            : say(sent === "nothing" ? "doubt.nothing" : "doubt.maybe")}{" "}
          {lookedUp && say("doubt.looked_up")}
          {step.error && <CauseDetail code={step.error.code} message={step.error.message} />}
        </Fact>
        {doubt && (
          <>
            <Fact name={say("doubt.since")}>
              <Ago at={doubt.since_ms} />{" "}
              <small>
                (<Moment at={doubt.bytes.at_ms} />)
              </small>
            </Fact>
            {both(doubt.would) !== "" && <Fact name={say("doubt.would")}>{both(doubt.would)}</Fact>}
            {doubt.on_doubt !== "" && (
              <Fact name={say("doubt.on_doubt")}>
                <code>on_doubt: {doubt.on_doubt}</code>
              </Fact>
            )}
          </>
        )}
      </Facts>
      <KeyLine name={say("doubt.key")} text={step.key} />
    </section>
  );
}
