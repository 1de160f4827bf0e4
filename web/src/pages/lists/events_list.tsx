// Events that need a person: routed once more when the cause is mended, or given up.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type EventRow, type EventState, eventsApi } from "../../api/events";
import { useWhyNot } from "../../data/hub";
import { usePaged } from "../../data/paged";
import { renew } from "../../data/query";
import { Link } from "../../shell/router";
import { lists as text } from "../../text/lists";
import { reasonText } from "../../text/shared";
import { Ago, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Empty, Page } from "../../ui/page";
import { toast } from "../../ui/toast";
import { Trouble } from "../../ui/trouble";
import { PagedTable } from "../paged_table";

const stateOf = { dead: "set_aside", quarantined: "quarantined" } as const satisfies Record<string, EventState>;

export function EventsList({ kind }: { kind: keyof typeof stateOf }) {
  const say = useSay(text);
  const state = stateOf[kind];
  const list = usePaged<EventRow>(
    ["events", state],
    async (before) => {
      const page = await eventsApi.list({ state }, 50, before);
      return { rows: page.events, next: page.next };
    },
    10_000,
  );
  return (
    <Page title={say(kind)} lead={say(`${kind}.lead`)}>
      <PagedTable
        list={list}
        label={say(kind)}
        id={(event) => event.id}
        columns={[
          {
            id: "event",
            name: say("event"),
            main: true,
            cell: (event) => (
              <>
                <Link href={`/events/${event.id}`}>{event.topic || `#${event.id}`}</Link>
                <small>
                  #{event.id} {event.connection}
                </small>
              </>
            ),
          },
          {
            id: "why",
            name: say("why"),
            cell: (event) => (event.reason === "" ? null : reasonText(event.reason, say)),
          },
          { id: "arrived", name: say("arrived"), cell: (event) => <Ago at={event.received_ms} /> },
          { id: "deeds", name: say("deeds"), deeds: true, cell: (event) => <EventDeeds event={event} /> },
        ]}
        empty={
          <Empty title={say(`${kind}.empty`)}>
            <p>{say(`${kind}.empty.text`)}</p>
          </Empty>
        }
      />
    </Page>
  );
}

export function EventDeeds({ event }: { event: EventRow }) {
  const say = useSay(text);
  const forbidden = useWhyNot("operate");
  const [asked, setAsked] = useState(false);
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  if (event.state !== "set_aside" && event.state !== "quarantined") return null;
  const route = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await eventsApi.retry(event.id);
      toast(say("route.done", { id: event.id }));
      renew(["events"], ["event", event.id], ["overview"]);
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setWorking(false);
  };
  return (
    <>
      <div className="buttons">
        <Button small why={forbidden} disabled={working} onClick={route}>
          {say("route")}
        </Button>
        <Button small kind="danger" why={forbidden} onClick={() => setAsked(true)}>
          {say("discard")}
        </Button>
      </div>
      {trouble && <Trouble trouble={trouble} />}
      {asked && (
        <Confirm
          title={say("discard.title", { id: event.id })}
          text={say("discard.text")}
          verb={say("discard")}
          danger
          act={() => eventsApi.discard(event.id)}
          close={() => setAsked(false)}
          done={() => {
            toast(say("discard.done", { id: event.id }));
            renew(["events"], ["event", event.id], ["overview"]);
          }}
        />
      )}
    </>
  );
}
