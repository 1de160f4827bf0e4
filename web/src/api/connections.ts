// Connections and their connectors, as far as pickers need them.
import type { Both } from "../text/surroundings";
import { get, piece } from "./call";

export interface Connection {
  name: string;
  connector: string;
  enabled: boolean;
}
export interface Operation {
  name: string;
  outputs?: { name: string; type: string; title?: Both }[];
}
export interface Connector {
  name: string;
  operations?: Operation[];
  events: { topic: string; title: Both; samples?: Record<string, unknown> }[];
}
export const connectionsApi = {
  list: async () => (await get<{ connections: Connection[] }>("/connections")).connections,
  connector: (name: string) => get<Connector>(`/connectors/${piece(name)}`),
};
