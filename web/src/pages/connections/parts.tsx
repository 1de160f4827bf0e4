// What the pages of connections share: how well one is, what is wrong with it, reads of connections and connectors.
import { type Connection, type Connector, connectionsApi } from "../../api/connections";
import { useRead } from "../../data/query";
import { connections as text } from "../../text/connections";
import { Ago, useBoth, useSay } from "../../text/surroundings";
import { Badge, Icon, type Shape } from "../../ui/marks";
import { standingTitle } from "./connectors";
import { type ConnectionTrouble, troublesOf, type Wellness, wellnessOf } from "./troubles";

const fresh = 300_000; // manifests are long, and stay as they are while the hub runs

export const connectionsKey = ["connections"];
export const useConnections = () => useRead(connectionsKey, connectionsApi.list, { every: 15_000 });
export const useConnectors = () => useRead(["connectors"], connectionsApi.connectors, { fresh });
export const useConnector = (name: string | null) =>
  useRead(["connectors", name], () => connectionsApi.connector(name ?? ""), { when: name !== null, fresh });

// What the manifest calls a field of the connection.
export function useFieldTitle(connector: Connector | undefined): (field: string) => string {
  const both = useBoth();
  return (field) => both(connector?.fields.find((one) => one.name === field)?.title) || field;
}

export const pathOf = (name: string, more = "") => `/connections/${encodeURIComponent(name)}${more}`;

const looks = {
  ok: { tone: "finished", icon: "finished" },
  problem: { tone: "in_doubt", icon: "warning" },
  login: { tone: "waiting", icon: "person" },
  dead: { tone: "failed", icon: "failed" },
} as const satisfies Record<Wellness, { tone: string; icon: Shape }>;

export function Wellbeing({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const well = wellnessOf(connection);
  return (
    <Badge tone={looks[well].tone} icon={looks[well].icon}>
      {say(`well.${well}`)}
    </Badge>
  );
}

// One trouble: what is wrong in the reader's words, what the vendor said, what to do.
interface TroubleProps {
  trouble: ConnectionTrouble;
  connector: Connector | undefined;
  brief?: boolean;
}
export function TroubleLine({ trouble, connector, brief }: TroubleProps) {
  const say = useSay(text);
  const both = useBoth();
  const of = trouble.kind === "poll" ? "polls" : "subscriptions";
  const what =
    trouble.kind === "missing" ? trouble.what : both(standingTitle(connector, of, trouble.what, trouble.item));
  return (
    <div className="ailment" data-grave={trouble.grave || undefined} data-hint={trouble.kind === "hint" || undefined}>
      <Icon shape={trouble.kind === "hint" ? "info" : "warning"} />
      <div>
        <p>
          <strong>{say(`trouble.${trouble.kind}`, { what })}</strong>
          {!brief && ` ${say(`trouble.${trouble.kind}.mend`)}`}
        </p>
        {trouble.why !== "" && !brief && (
          <p className="said">
            {trouble.why}
            {trouble.failures > 1 && ` · ${say("trouble.times", { count: trouble.failures })}`}
            {trouble.again_ms !== null && (
              <>
                {" · "}
                <Ago at={trouble.again_ms} isDue />
              </>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

export function Troubles(props: { connection: Connection; connector: Connector | undefined }) {
  const { connection, connector } = props;
  const troubles = troublesOf(connection);
  if (troubles.length === 0) return null;
  return (
    <div className="ailments">
      {troubles.map((trouble) => (
        <TroubleLine key={`${trouble.kind} ${trouble.what} ${trouble.item}`} trouble={trouble} connector={connector} />
      ))}
    </div>
  );
}
