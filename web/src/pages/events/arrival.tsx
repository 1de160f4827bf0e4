// How an event came and what it tells, in the words of its connector's manifest; its own names beside them.
import { connectionsApi } from "../../api/connections";
import type { HubEvent } from "../../api/events";
import { useRead } from "../../data/query";
import { lists as text } from "../../text/lists";
import { useBoth, useSay } from "../../text/surroundings";
import { standingTitle } from "../connections/connectors";
import { connectionsKey, useConnector } from "../connections/parts";

function useConnectorOf(connection: string | null) {
  const all = useRead(connectionsKey, connectionsApi.list, { when: connection !== null }).value;
  return useConnector(all?.find((one) => one.name === connection)?.connector ?? null).value;
}

// What it tells: "New order", and the vendor's own name of it.
export function Topic({ connection, topic }: Pick<HubEvent, "connection" | "topic">) {
  const both = useBoth();
  const event = useConnectorOf(connection)?.events.find((one) => one.topic === topic);
  const title = both(event?.title);
  return title === "" ? (
    <b>{topic}</b>
  ) : (
    <>
      <b>{title}</b> <code>{topic}</code>
    </>
  );
}

// Polls leave no request: the hub has asked for what came.
const asked = /^\/polls\/[^/]+\/(.+)$/;

export function Arrival({ event }: { event: HubEvent }) {
  const say = useSay(text);
  const both = useBoth();
  const poll = event.method === "POLL" ? (asked.exec(event.path)?.[1] ?? null) : null;
  const connector = useConnectorOf(poll === null ? null : event.connection);
  if (poll !== null) return <>{say("event.polled", { what: both(standingTitle(connector, "polls", poll)) })}</>;
  return (
    <code>
      {event.method} {event.path}
    </code>
  );
}
