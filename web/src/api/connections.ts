// Connections and connectors as the hub tells them, and what can be asked of them.
import type { Both } from "../text/surroundings";
import { get, piece, post, remove } from "./call";

export interface Field {
  name: string;
  type: string;
  required: boolean;
  secret: boolean;
  title: Both;
  help: Both;
  choices?: string[];
  default?: unknown;
  pattern?: string;
  made_by_hub?: boolean;
  when?: Record<string, string[]>;
  resource?: { name: string; strict: boolean };
}
export interface Question extends Field {
  need: "choice" | "must" | "may" | "more";
  key_file?: boolean;
}
export interface Form {
  fields: Question[];
  login: boolean;
  redirect?: string;
}

export interface ConnectorEvent {
  topic: string;
  title: Both;
  help: Both;
  means: string | null;
  samples?: Record<string, unknown>;
}
export interface Operation {
  name: string;
  title: Both;
  help: Both;
  internal: boolean;
  inputs?: Field[];
  outputs?: Field[];
}
// What the hub does at the app by itself, and the lists that it reads there.
export interface Standing {
  name: string;
  title: Both;
}
export interface Connector {
  name: string;
  version: string;
  title: Both;
  help: Both;
  fields: Field[];
  origins: string[];
  webhook: boolean;
  test: string | null;
  operations: Operation[];
  events: ConnectorEvent[];
  polls?: Standing[];
  subscriptions?: Standing[];
  resources?: Standing[];
}

export type Config = Record<string, unknown>;
export interface Health {
  state: "ok" | "problem" | "login" | "dead";
  problem?: string;
  drift?: string;
  since?: number;
}
export interface Poll {
  poll: string;
  item: string;
  every_ms: number;
  due_ms: number | null;
  last_ok_ms: number | null;
  failures: number;
  problem: string;
}
export interface Subscription {
  subscription: string;
  item: string;
  due_ms: number | null;
  last_ok_ms: number | null;
  failures: number;
  problem: string;
  hint: string;
  note: string;
}
export interface Connection {
  name: string;
  connector: string;
  enabled: boolean;
  installed: boolean;
  config: Config;
  origins: string[];
  secrets: { slot: string; versions: number; made_by_hub: boolean; paste?: boolean }[];
  hook?: string;
  hook_url?: string;
  hook_secret?: string;
  hook_by_hub?: boolean;
  testable?: boolean;
  health: Health;
  login?: string;
  tokens?: { scheme: string; fetched_at: number; expires_at: number | null }[];
  polls?: Poll[];
  subscriptions?: Subscription[];
  quota?: { bucket: string; key: string; until_ms: number }[];
}
export interface NewConnection {
  name: string;
  connector: string;
  config: Config;
  secrets: Record<string, string>;
  origins?: string[];
}
export interface Delivery {
  at_ms: number;
  verdict: "accepted" | "duplicate" | "quarantined" | "refused";
  status: number;
  event: number | null;
  code: string;
  why: Both;
  mend: Both;
  headers: string[];
}
export interface DeliveryPage {
  deliveries: Delivery[];
  next?: number | null;
}
export interface Rotation {
  slot: string;
  secret?: string;
  drop_old?: boolean;
  overlap?: string; // "24h"
}
export interface VendorList {
  list: string;
  read_at: number | null;
  items: { key: string; title?: string }[];
  next: string | null;
}
export interface Login {
  login: string;
  url: string;
  redirect: string;
  expires_at: number;
}
export interface LoginState {
  connection: string;
  state: "waiting" | "done" | "failed";
  problem?: string;
}

const at = (name: string, more = "") => `/connections/${piece(name)}${more}`;

export const connectionsApi = {
  list: async () => (await get<{ connections: Connection[] }>("/connections")).connections,
  put: (wanted: NewConnection) => post<Connection>("/connections", wanted),
  remove: (name: string) => remove<{ removed: string }>(at(name)),
  test: (name: string) => post<{ output: unknown }>(at(name, "/test")),
  rotate: (name: string, wanted: Rotation) => post<Connection>(at(name, "/rotate"), wanted),
  reveal: (name: string, slot: string) => post<{ value: string; paste?: string }>(at(name, "/reveal"), { slot }),
  logIn: (name: string) => post<Login>(at(name, "/login")),
  // Answers when the login is over, or after a while: whoever waits asks again.
  login: (login: string) => get<LoginState>(`/logins/${piece(login)}`),
  deliveries: (name: string, before: number | null = null) => get<DeliveryPage>(at(name, "/deliveries"), { before }),
  vendorList: (name: string, list: string, after: string | null = null) =>
    get<VendorList>(at(name, `/lists/${piece(list)}`), { after }),
  readVendorList: (name: string, list: string) => post<VendorList>(at(name, `/lists/${piece(list)}`)),
  connectors: async () => (await get<{ connectors: Connector[] }>("/connectors")).connectors,
  connector: (name: string) => get<Connector>(`/connectors/${piece(name)}`),
  form: (connector: string, body: { connection?: string; config: Config; secrets: Record<string, string> }) =>
    post<Form>(`/connectors/${piece(connector)}/form`, body),
};
