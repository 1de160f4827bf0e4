// What a trial may begin with: samples of the connectors that tell the trigger's event, past events, or data by hand.
import type { Connection, Connector } from "../../api/connections";

export interface TrySource {
  connection: string;
  connector: string;
  topic: string;
}

// A trigger is a standard name that some connector's event means, or "connector/topic".
export function sourcesOf(
  trigger: string,
  connectors: readonly Connector[],
  connections: readonly Connection[],
): TrySource[] {
  const sources: TrySource[] = [];
  for (const connector of connectors)
    for (const event of connector.events) {
      if (event.means !== trigger && `${connector.name}/${event.topic}` !== trigger) continue;
      for (const connection of connections)
        if (connection.connector === connector.name)
          sources.push({ connection: connection.name, connector: connector.name, topic: event.topic });
    }
  return sources;
}

export const sourceKey = ({ connection, topic }: TrySource): string => `${connection} ${topic}`;
