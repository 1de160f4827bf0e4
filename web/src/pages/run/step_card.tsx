// One step of a run as a card: what it called, what came back, and why it was or was not sent.
import { pretty, prettyBody } from "../../api/json_text";
import type { Attempt, Body, Decision, Step } from "../../api/runs";
import { duration, shortened } from "../../text/format";
import { run as text } from "../../text/run";
import { reasonText } from "../../text/shared";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import type { SayOf } from "../../text/words";
import { Code, CopyButton, Fold } from "../../ui/code";
import { Icon, StepMark } from "../../ui/marks";
import { Around } from "../../ui/trouble";
import { Cause } from "../cause";

const isEmpty = (value: unknown): boolean =>
  value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

export function BodyView({ body, title }: { body: Body; title: string }) {
  const say = useSay(text);
  if (typeof body === "string") return body === "" ? null : <Code title={title} text={prettyBody(body)} />;
  return <Code title={`${title}: ${say("step.binary", { bytes: body.bytes })}`} text={body.base64} />;
}

export function Headers({ headers }: { headers: Record<string, string> | null }) {
  const say = useSay(text);
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  if (lines.length === 0) return null;
  return (
    <Fold title={say("step.headers")}>
      <Code title={say("step.headers")} text={lines.join("\n")} />
    </Fold>
  );
}

// "maybe" or "nothing": whether the request can have reached the app although no answer came.
function Failure({ failure }: { failure: NonNullable<Attempt["failure"]> }) {
  const say = useSay(text);
  return (
    <p className="problem">
      {say("step.no_answer", { message: failure.message })} (
      {say(failure.sent === "nothing" ? "step.nothing_sent" : "step.maybe_sent")})
    </p>
  );
}

function AttemptView({ attempt, number }: { attempt: Attempt; number: number }) {
  const say = useSay(text);
  const { request, answer, failure } = attempt;
  const tone = !answer ? "none" : answer.status < 300 ? "good" : answer.status < 500 ? "bad" : "worse";
  return (
    <section className="attempt">
      <h3>
        {say("step.attempt", { count: number })}
        {attempt.purpose && (
          <span className="tag">{attempt.purpose === "look-up" ? say("step.look_up") : attempt.purpose}</span>
        )}
        <span className="status" data-tone={tone}>
          {answer ? answer.status : say("step.unanswered")}
        </span>
        <Ago at={attempt.at_ms} />
      </h3>
      <p className="request-line">
        <b>{request.method}</b> {request.url}
      </p>
      <Headers headers={request.headers} />
      <BodyView body={request.body} title={say("step.request")} />
      {answer && (
        <>
          <Headers headers={answer.headers} />
          <BodyView body={answer.body} title={`${say("step.answer")} ${answer.status}`} />
        </>
      )}
      {failure && <Failure failure={failure} />}
    </section>
  );
}

// On what an ad rests: "consent 17", or "existing_customer 1042", who bought something by that event.
function basisText(decision: Decision, say: SayOf<typeof text>): string {
  const [, kind, id = ""] = /^(consent|existing_customer) (\d+)$/.exec(decision.allowed ? decision.basis : "") ?? [];
  return kind ? say(`basis.${kind as "consent"}`, { id }) : "";
}

export function DecisionView({ decision }: { decision: Decision }) {
  const say = useSay(text);
  const where = decision.channel && say("decision.channel", { channel: decision.channel, class: decision.class });
  const basis = basisText(decision, say);
  return (
    <p className="decision" data-allowed={decision.allowed}>
      <Icon shape={decision.allowed ? "allowed" : "refused"} />
      <span>
        {say(decision.allowed ? "decision.allowed" : "decision.refused")}
        {decision.reason && `: ${reasonText(decision.reason, say)}`}
        {basis && `: ${basis}`}
        {decision.until_ms !== null && (
          <>
            {" "}
            <Ago at={decision.until_ms} isDue />
          </>
        )}
        {where && <small> {where}</small>}
      </span>
    </p>
  );
}

export function KeyLine({ name, text }: { name: string; text: string }) {
  return (
    <p className="key-line">
      {name} <code title={text}>{shortened(text, 28)}</code>
      <CopyButton text={text} of={name} />
    </p>
  );
}

export function StepCard(props: {
  step: Step;
  decision: Decision | null;
  againAt: number | null;
  open: boolean;
  chosen?: boolean;
}) {
  const { step, decision, againAt } = props;
  const say = useSay(text);
  const { language } = useSurroundings();
  const attempts = step.exchange ?? [];
  const error = step.state === "skipped" ? null : step.error;
  return (
    <details className="card" open={props.open} data-step={step.step} data-chosen={props.chosen || undefined}>
      <summary>
        <span className="line">
          <StepMark state={step.state} />
          <b>{step.step}</b>
          {step.closed_ms !== null && <small>{duration(step.closed_ms - step.opened_ms, language)}</small>}
          {step.attempt > 1 && <small className="tag">{say("step.attempts", { count: step.attempt })}</small>}
        </span>
        <small className="line">
          <code>{step.operation}</code>
          {step.connection && <span>{say("step.via", { connection: step.connection })}</span>}
        </small>
      </summary>
      {decision && <DecisionView decision={decision} />}
      {step.state === "skipped" && !decision && step.error && (
        <p className="problem">{reasonText(step.error.code, say)}</p>
      )}
      {error && (
        <p className="problem">
          <Cause code={error.code} message={error.message} />
        </p>
      )}
      {againAt !== null && (
        <p className="again">
          <Icon shape="waiting" />
          <span>
            <Around say={say} text="step.again" hole="time">
              <Ago at={againAt} isDue />
            </Around>
          </span>
        </p>
      )}
      {!isEmpty(step.inputs) && (
        <Fold title={say("step.inputs")} open={attempts.length === 0}>
          <Code title={say("step.inputs")} text={pretty(step.inputs)} />
        </Fold>
      )}
      {attempts.length === 0 && step.closed_ms !== null && <p className="muted">{say("step.not_called")}</p>}
      {attempts.map((attempt, index) => (
        // The index too: under a virtual clock several attempts have one time.
        <AttemptView key={`${attempt.at_ms} ${index}`} attempt={attempt} number={index + 1} />
      ))}
      {!isEmpty(step.output) && (
        <Fold title={say("step.output")}>
          <Code title={say("step.output")} text={pretty(step.output)} />
        </Fold>
      )}
      {step.key !== "" && <KeyLine name={say("step.key")} text={step.key} />}
    </details>
  );
}
