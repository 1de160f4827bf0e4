// What came to a connection's webhook lately: taken, or refused with the reason and the mend in plain words.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, connectionsApi, type Delivery, type DeliveryPage } from "../../api/connections";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { Ago, useBoth, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Badge, type Shape } from "../../ui/marks";
import { Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";

const looks = {
  accepted: { tone: "finished", icon: "finished" },
  duplicate: { tone: "exited", icon: "skipped" },
  quarantined: { tone: "in_doubt", icon: "quarantined" },
  refused: { tone: "failed", icon: "refused" },
} as const satisfies Record<Delivery["verdict"], { tone: string; icon: Shape }>;

export function Deliveries({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const { value, trouble, again, reading } = useRead(
    ["connections", connection.name, "deliveries"],
    () => connectionsApi.deliveries(connection.name),
    { every: 5_000 },
  );
  const [older, setOlder] = useState<DeliveryPage | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const all = [...(value?.deliveries ?? []), ...(older?.deliveries ?? [])];
  const next = older ? older.next : value?.next;
  const more = async () => {
    try {
      const page = await connectionsApi.deliveries(connection.name, next ?? null);
      setOlder({ ...page, deliveries: [...(older?.deliveries ?? []), ...page.deliveries] });
    } catch (cause) {
      setRefusal(troubleOf(cause));
    }
  };
  // A hub that does not tell of deliveries yet is no trouble of the reader's.
  if (trouble?.status === 404 && trouble.code === "not_found") return null;
  return (
    <Section title={say("deliveries.title")}>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {reading && <Skeleton rows={3} />}
      {value && all.length === 0 && (
        <>
          <p>{say("deliveries.none")}</p>
          <p className="muted">{say("deliveries.none.text")}</p>
        </>
      )}
      <ol className="deliveries">
        {all.map((one, index) => (
          <li key={`${one.at_ms} ${index}`}>
            <DeliveryLine delivery={one} />
          </li>
        ))}
      </ol>
      {refusal && <Trouble trouble={refusal} />}
      {next && (
        <p>
          <Button small onClick={() => void more()}>
            {say("deliveries.older")}
          </Button>
        </p>
      )}
      {all.length > 0 && <p className="muted">{say("deliveries.kept")}</p>}
    </Section>
  );
}

function DeliveryLine({ delivery }: { delivery: Delivery }) {
  const say = useSay(text);
  const both = useBoth();
  const { verdict, event } = delivery;
  const look = looks[verdict] ?? looks.refused;
  const mend = both(delivery.mend);
  const why = both(delivery.why);
  return (
    <>
      <p className="head">
        <Badge tone={look.tone} icon={look.icon}>
          {say(`verdict.${verdict}`)}
        </Badge>
        <span className="muted">{delivery.status}</span>
        {event !== null && <Link href={`/events/${event}`}>{say("deliveries.event", { id: event })}</Link>}
        <span className="when">
          <Ago at={delivery.at_ms} />
        </span>
      </p>
      {why !== "" && <p>{why}</p>}
      {mend !== "" && (
        <p>
          <strong>{say("deliveries.mend")}:</strong> {mend}
        </p>
      )}
      {verdict === "refused" && delivery.headers.length > 0 && (
        <p className="said">
          {say("deliveries.headers")}: {delivery.headers.join(", ")}
        </p>
      )}
    </>
  );
}
