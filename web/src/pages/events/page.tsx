// One event: what arrived, what became of it, the runs that began with it.
import { eventsApi } from "../../api/events";
import { hexView, prettyBody } from "../../api/json_text";
import { useRead } from "../../data/query";
import { idOf, Link } from "../../shell/router";
import type { PageProps } from "../../shell/routes";
import { lists as text } from "../../text/lists";
import { reasonText } from "../../text/shared";
import { Ago, Moment, useSay } from "../../text/surroundings";
import { Code } from "../../ui/code";
import { Badge } from "../../ui/marks";
import { Fact, Facts, Page, Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { EventDeeds } from "../lists/events_list";
import { RunLines } from "../run_lines";
import { Arrival, Topic } from "./arrival";

const tones = { accepted: "acting", routed: "finished", quarantined: "failed", set_aside: "failed" } as const;

export default function EventPage({ params }: PageProps) {
  const say = useSay(text);
  const id = idOf(params.get("id")) ?? 0;
  const { value: event, trouble, again } = useRead(["event", id], () => eventsApi.one(id));
  const headers = Object.entries(event?.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  return (
    <Page
      title={say("event.title", { id })}
      lead={
        event && (
          <p className="line">
            <Topic connection={event.connection} topic={event.topic} />{" "}
            <Badge tone={tones[event.state]}>{say(`event.state.${event.state}`)}</Badge>
          </p>
        )
      }
      deeds={event && <EventDeeds event={event} />}
    >
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!event && !trouble && <Skeleton />}
      {event && (
        <>
          <div className="panel">
            <Facts>
              {event.reason !== "" && <Fact name={say("why")}>{reasonText(event.reason, say)}</Fact>}
              {event.connection && (
                <Fact name={say("event.connection")}>
                  <Link href={`/connections/${encodeURIComponent(event.connection)}`}>{event.connection}</Link>
                </Fact>
              )}
              <Fact name={say("arrived")}>
                <Moment at={event.received_ms} />{" "}
                <small>
                  (<Ago at={event.received_ms} />)
                </small>
              </Fact>
              <Fact name={say("event.request")}>
                <Arrival event={event} />
              </Fact>
            </Facts>
          </div>
          <Section title={say("event.runs")}>
            {event.runs.length === 0 ? (
              <p className="muted">{say("event.runs.none")}</p>
            ) : (
              <RunLines runs={event.runs} label={say("event.runs")} />
            )}
          </Section>
          {headers.length > 0 && (
            <Section title={say("event.headers")}>
              <Code title={say("event.headers")} text={headers.join("\n")} />
            </Section>
          )}
          <Section title={say("event.body")}>
            <Code
              title={event.body_base64 === undefined ? say("event.body") : `${say("event.body")} (hex)`}
              text={event.body_base64 === undefined ? prettyBody(event.body ?? "") : hexView(event.body_base64)}
            />
          </Section>
        </>
      )}
    </Page>
  );
}
