// One run beside the list: whose it is, what it did, what it waits for, and what a person may do about it.
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { type View, writeView } from "./address";
import { type ApiError, api, type Customer, type RunDetail } from "./api";
import { duration } from "./format";
import { pretty, prettyBody } from "./json_text";
import type { RunFeed } from "./live";
import { Icon, RunMark, type Shape, stepShape, stepTones } from "./marks";
import { Code, Fold, TroubleNote, troubleOf } from "./pieces";
import { RunActions } from "./run_actions";
import { DecisionView, Headers, StepCard } from "./step_card";
import { Ago, Moment, Span, useSurroundings } from "./surroundings";
import { reasonText } from "./text";
import { type Item, isLive, pauseBefore, timeline } from "./timeline";

// The run as the hub has it, read again whenever it may have moved.
function useRun(id: number, feed: RunFeed) {
  const [run, setRun] = useState<RunDetail | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const current = useRef(id);
  current.current = id;
  const read = useCallback(async () => {
    try {
      const found = await api.run(id);
      if (current.current !== id) return;
      setRun(found);
      setTrouble(null);
    } catch (cause) {
      if (current.current !== id) return;
      const error = troubleOf(cause);
      if (error.status === 401) feed.refresh();
      setTrouble(error);
    }
  }, [id, feed]);
  useEffect(() => {
    setRun(null);
    setTrouble(null);
    void read();
    let planned = 0;
    const stop = feed.listen((moved) => {
      if (moved !== null && moved.id !== id) return;
      clearTimeout(planned);
      planned = window.setTimeout(read, 150);
    });
    return () => {
      clearTimeout(planned);
      stop();
    };
  }, [id, feed, read]);
  return { run: run?.id === id ? run : null, trouble, read };
}

function useCustomer(id: number | null): Customer | null {
  const [customer, setCustomer] = useState<Customer | null>(null);
  useEffect(() => {
    if (id === null) return;
    let wanted = true;
    // Only decoration: without it the panel shows the number.
    api.customer(id).then(
      (found) => wanted && setCustomer(found),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [id]);
  return customer?.id === id ? customer : null;
}

function customerName(customer: Customer): string {
  for (const trait of ["name", "full_name", "first_name"]) {
    const value = customer.traits?.[trait]?.value;
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface PanelProps {
  id: number;
  feed: RunFeed;
  title: (recipe: string | null) => string;
  go: (change: Partial<View>) => void;
  close: () => void;
}

export function RunPanel({ id, feed, title, go, close }: PanelProps) {
  const { say } = useSurroundings();
  const { run, trouble, read } = useRun(id, feed);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (id) heading.current?.focus({ preventScroll: true });
  }, [id]);
  return (
    <aside className="panel" aria-label={say("panel.title", { id })}>
      <header>
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {say("panel.title", { id })}
          </h2>
          {run && <p>{title(run.recipe)}</p>}
        </div>
        {run && <RunMark state={run.state} />}
        <button type="button" className="quiet square" aria-label={say("panel.close")} onClick={close}>
          <Icon shape="close" />
        </button>
      </header>
      <div className="panel-body">
        {trouble && <TroubleNote trouble={trouble} again={read} />}
        {!run && !trouble && <p className="muted">{say("panel.reading")}</p>}
        {run && (
          <>
            <RunActions key={run.id} run={run} feed={feed} />
            <Facts run={run} go={go} />
            <h3>{say("panel.timeline")}</h3>
            <Timeline run={run} />
          </>
        )}
      </div>
    </aside>
  );
}

function Facts({ run, go }: { run: RunDetail; go: PanelProps["go"] }) {
  const { say } = useSurroundings();
  const customer = useCustomer(run.customer);
  const link = (change: Partial<View>, text: string) => (
    <a
      href={writeView({ state: null, recipe: null, customer: null, event: null, run: null, ...change })}
      onClick={(click) => {
        if (click.ctrlKey || click.metaKey || click.shiftKey) return;
        click.preventDefault();
        go({ state: null, recipe: null, customer: null, event: null, ...change });
      }}
    >
      {text}
    </a>
  );
  return (
    <dl className="facts">
      {run.reason !== "" && run.state !== "in_doubt" && (
        <Fact name={say("panel.reason")}>
          <span className="reason">{reasonText(run.reason, say)}</span>
        </Fact>
      )}
      {run.customer !== null && (
        <Fact name={say("panel.customer")}>
          <span className="person">
            <b>{(customer && customerName(customer)) || say("filter.customer", { id: run.customer })}</b>
            {customer?.identities.map((one) => (
              <span key={`${one.kind} ${one.value}`} className="identity">
                <small>{one.kind}</small> {one.value}
              </span>
            ))}
            {link({ customer: run.customer }, say("panel.their_runs"))}
          </span>
        </Fact>
      )}
      {run.event !== null && (
        <Fact name={say("panel.event")}>
          <span className="person">
            <b>{run.trigger?.topic || say("filter.event", { id: run.event })}</b>
            {run.trigger?.connection && <span>{run.trigger.connection}</span>}
            <span>#{run.event}</span>
            {link({ event: run.event }, say("panel.its_runs"))}
          </span>
        </Fact>
      )}
      <Fact name={say("panel.started")}>
        <Moment at={run.started_ms} />
      </Fact>
      {run.ended_ms !== null && (
        <Fact name={say("panel.ended")}>
          <Moment at={run.ended_ms} />
        </Fact>
      )}
      {run.due_ms !== null && (
        <Fact name={say("panel.due")}>
          <Ago at={run.due_ms} isDue />{" "}
          <small>
            (<Moment at={run.due_ms} />)
          </small>
        </Fact>
      )}
      <Fact name={say("panel.duration")}>
        <Span from={run.started_ms} to={run.ended_ms} />
      </Fact>
      {isLive(run) && run.at_step !== "" && (
        <Fact name={say("panel.step")}>
          <code>{run.at_step}</code>
        </Fact>
      )}
      {run.key !== "" && (
        <Fact name={say("panel.key")}>
          <code>{run.key}</code>
        </Fact>
      )}
      <Fact name={say("panel.version")}>
        <code title={run.hash ?? ""}>{run.hash?.slice(0, 12) ?? run.version}</code>
      </Fact>
    </dl>
  );
}

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

function Timeline({ run }: { run: RunDetail }) {
  const { say, language } = useSurroundings();
  const items = timeline(run);
  const lastStep = items.findLastIndex((item) => item.kind === "step");
  const vars = run.vars ?? {};
  return (
    <>
      <ol className="timeline">
        {items.map((item, index) => {
          const pause = pauseBefore(items, index);
          const { tone, shape } = toneOf(item);
          const key = item.kind === "step" ? `step ${item.step.id}` : `${item.kind} ${index}`;
          return (
            <li key={key} data-state={tone}>
              {pause >= 1000 && <p className="pause">{say("item.later", { span: duration(pause, language) })}</p>}
              <span className="dot">
                <Icon shape={shape} />
              </span>
              <ItemView item={item} open={index === lastStep || needsEyes(item)} />
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

function ItemView({ item, open }: { item: Item; open: boolean }) {
  const { say } = useSurroundings();
  switch (item.kind) {
    case "trigger":
      return <Trigger item={item} />;
    case "step":
      return <StepCard step={item.step} decision={item.decision} againAt={item.againAt} open={open} />;
    case "decision":
      return <DecisionView decision={item.decision} />;
    case "wait":
      return (
        <div className="card plain">
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
  const { say } = useSurroundings();
  const event = item.event;
  if (!event) return <p className="card plain muted">{say("item.trigger.gone")}</p>;
  return (
    <details className="card">
      <summary>
        <span className="line">
          <span className="mark">{say("item.trigger")}</span>
          <b>{event.topic}</b>
          <small>
            <Ago at={event.received_ms} />
          </small>
        </span>
        <small className="line">
          <code>
            {event.method} {event.path}
          </code>
          <span>
            #{event.id} {say(`event.state.${event.state}`)}
          </span>
        </small>
      </summary>
      {event.reason !== "" && <p className="problem">{event.reason}</p>}
      <Headers headers={event.headers} />
      {event.body !== undefined && event.body !== "" && <Code title={say("step.body")} text={prettyBody(event.body)} />}
      {event.body_base64 !== undefined && <Code title={`${say("step.body")} (base64)`} text={event.body_base64} />}
    </details>
  );
}
