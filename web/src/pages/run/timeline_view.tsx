// What a run did, as a line of cards.
import { useState } from "react";
import { hexView, pretty, prettyBody } from "../../api/json_text";
import type { RunDetail } from "../../api/runs";
import { count, duration } from "../../text/format";
import { run as text } from "../../text/run";
import { Ago, Moment, useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Code, Fold } from "../../ui/code";
import { Icon, type Shape, stepShape, stepTones } from "../../ui/marks";
import { Arrival, Topic } from "../events/arrival";
import { DecisionView, Headers, StepCard } from "./step_card";
import { type Item, pauseBefore, timeline } from "./timeline";

function toneOf(item: Item): { tone: string; shape: Shape } {
  switch (item.kind) {
    case "trigger":
      return { tone: "none", shape: "event" };
    case "step":
      return { tone: stepTones[item.step.state], shape: stepShape(item.step.state) };
    case "decision":
      return { tone: "none", shape: item.decision.allowed ? "allowed" : "refused" };
    case "wait":
      return { tone: "waiting", shape: "waiting" };
    case "end":
      return { tone: item.run.state, shape: item.run.state };
  }
}

// The step whose card something stands in.
export const stepCard = (element: Element): string | null =>
  element.closest<HTMLElement>("[data-step]")?.dataset.step ?? null;

// A long story is told from both of its ends.
const long = { most: 160, first: 20, last: 100 };

export function Timeline({ run, chosen }: { run: RunDetail; chosen: string | null }) {
  const [whole, setWhole] = useState(false);
  const say = useSay(text);
  const { language } = useSurroundings();
  const items = timeline(run);
  const hidden = whole || items.length <= long.most ? 0 : items.length - long.first - long.last;
  const lastStep = items.findLastIndex((item) => item.kind === "step");
  const vars = run.vars ?? {};
  return (
    <>
      <ol className="timeline">
        {items.map((item, index) => {
          if (hidden > 0 && index >= long.first && index < items.length - long.last) {
            return index > long.first ? null : (
              <li key="hidden">
                <Button onClick={() => setWhole(true)}>{say("item.hidden", { count: count(hidden, language) })}</Button>
              </li>
            );
          }
          const pause = pauseBefore(items, index);
          const { tone, shape } = toneOf(item);
          const key = item.kind === "step" ? `step ${item.step.id}` : `${item.kind} ${index}`;
          return (
            <li key={key} data-state={tone}>
              {pause >= 1000 && <p className="pause">{say("item.later", { span: duration(pause, language) })}</p>}
              <span className="dot">
                <Icon shape={shape} />
              </span>
              <ItemView item={item} open={index === lastStep || needsEyes(item)} chosen={chosen} />
            </li>
          );
        })}
      </ol>
      {Object.keys(vars).length > 0 && (
        <Fold title={say("panel.vars")}>
          <Code title={say("panel.vars")} text={pretty(vars)} />
        </Fold>
      )}
    </>
  );
}

const needsEyes = (item: Item): boolean =>
  item.kind === "step" && (item.step.state === "in_doubt" || item.step.state === "failed");

function ItemView({ item, open, chosen }: { item: Item; open: boolean; chosen: string | null }) {
  const say = useSay(text);
  switch (item.kind) {
    case "trigger":
      return <Trigger item={item} />;
    case "step":
      return (
        <StepCard
          step={item.step}
          decision={item.decision}
          againAt={item.againAt}
          open={open}
          chosen={item.step.step === chosen}
        />
      );
    case "decision":
      return <DecisionView decision={item.decision} />;
    case "wait":
      return (
        <div className="card plain" data-step={item.step}>
          <span className="line">
            <span className="mark" data-state="waiting">
              {say("item.wait")}
            </span>
            {item.step && <b>{item.step}</b>}
            <Ago at={item.until} isDue />
          </span>
          <small>
            <Moment at={item.until} />
          </small>
        </div>
      );
    case "end":
      return (
        <div className="card plain">
          <span className="line">
            <span className="mark" data-state={item.run.state}>
              {say(`state.${item.run.state}`)}
            </span>
            <small>
              <Moment at={item.at} />
            </small>
          </span>
        </div>
      );
  }
}

function Trigger({ item }: { item: Extract<Item, { kind: "trigger" }> }) {
  const say = useSay(text);
  const event = item.event;
  if (!event) return <p className="card plain muted">{say("item.trigger.gone")}</p>;
  return (
    <details className="card">
      <summary>
        <span className="line">
          <span className="mark">{say("item.trigger")}</span>
          <Topic connection={event.connection} topic={event.topic} />
          <small>
            <Ago at={event.received_ms} />
          </small>
        </span>
        <small className="line">
          <Arrival event={event} />
          <span>
            #{event.id} {say(`event.state.${event.state}`)}
          </span>
        </small>
      </summary>
      {event.reason !== "" && <p className="problem">{event.reason}</p>}
      <Headers headers={event.headers} />
      {event.body !== undefined && event.body !== "" && <Code title={say("step.body")} text={prettyBody(event.body)} />}
      {event.body_base64 !== undefined && (
        <Code title={`${say("step.body")} (hex)`} text={hexView(event.body_base64)} />
      )}
    </details>
  );
}
