// What came to a connection's webhook lately: taken, or refused with the reason and the mend in plain words.
import { type Connection, connectionsApi, type Delivery } from "../../api/connections";
import { usePaged } from "../../data/paged";
import { Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { Ago, useBoth, useSay } from "../../text/surroundings";
import { Badge, type Shape } from "../../ui/marks";
import { Section, Skeleton } from "../../ui/page";
import { ListEnd } from "../../ui/table";
import { Trouble } from "../../ui/trouble";

const looks = {
  accepted: { tone: "finished", icon: "finished" },
  duplicate: { tone: "exited", icon: "skipped" },
  quarantined: { tone: "in_doubt", icon: "quarantined" },
  refused: { tone: "failed", icon: "refused" },
} as const satisfies Record<Delivery["verdict"], { tone: string; icon: Shape }>;

export function Deliveries({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const list = usePaged<Delivery>(
    ["connections", connection.name, "deliveries"],
    async (before) => {
      const { deliveries, next = null } = await connectionsApi.deliveries(connection.name, before);
      return { rows: deliveries, next };
    },
    5_000,
  );
  const all = list.rows ?? [];
  return (
    <Section title={say("deliveries.title")}>
      {list.trouble && <Trouble trouble={list.trouble} again={list.again} />}
      {!list.rows && !list.trouble && <Skeleton rows={3} />}
      {list.rows?.length === 0 && (
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
      {list.more && <ListEnd {...list} />}
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
