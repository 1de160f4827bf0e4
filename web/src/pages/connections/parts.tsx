// What the pages of connections share: how well one is, what is wrong with it, reads of connections and connectors.
import { type Connection, connectionsApi } from "../../api/connections";
import { useRead } from "../../data/query";
import { connections as text } from "../../text/connections";
import { Ago, useSay } from "../../text/surroundings";
import { Badge, Icon, type Shape } from "../../ui/marks";
import { type ConnectionTrouble, troublesOf, type Wellness, wellnessOf } from "./troubles";

export const connectionsKey = ["connections"];
export const useConnections = () => useRead(connectionsKey, connectionsApi.list, { every: 15_000 });
export const useConnectors = () => useRead(["connectors"], connectionsApi.connectors);
export const useConnector = (name: string | null) =>
  useRead(["connectors", name], () => connectionsApi.connector(name ?? ""), { when: name !== null });

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
export function TroubleLine({ trouble, brief }: { trouble: ConnectionTrouble; brief?: boolean }) {
  const say = useSay(text);
  return (
    <div className="ailment" data-grave={trouble.grave || undefined} data-hint={trouble.kind === "hint" || undefined}>
      <Icon shape={trouble.kind === "hint" ? "info" : "warning"} />
      <div>
        <p>
          <strong>{say(`trouble.${trouble.kind}`, { what: trouble.what })}</strong>
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

export function Troubles({ connection }: { connection: Connection }) {
  const troubles = troublesOf(connection);
  if (troubles.length === 0) return null;
  return (
    <div className="ailments">
      {troubles.map((trouble) => (
        <TroubleLine key={`${trouble.kind} ${trouble.what}`} trouble={trouble} />
      ))}
    </div>
  );
}
