// Events: what arrived, what became of it, and a second try for what could not be routed.
import { get, post } from "./call";
import type { Run } from "./runs";

export const eventStates = ["accepted", "routed", "quarantined", "set_aside"] as const;
export type EventState = (typeof eventStates)[number];
export interface EventRow {
  id: number;
  connection: string | null;
  topic: string;
  state: EventState;
  reason: string;
  received_ms: number;
}
export interface HubEvent extends EventRow {
  method: string;
  path: string;
  headers: Record<string, string> | null;
  body?: string;
  body_base64?: string;
}
export interface EventDetail extends HubEvent {
  runs: Run[];
}
export interface EventPage {
  events: EventRow[];
  next: number | null;
}
export const eventsApi = {
  list: (filter: { state?: EventState; connection?: string | null }, limit: number, before: number | null = null) =>
    get<EventPage>("/events", { ...filter, before, limit }),
  one: (id: number) => get<EventDetail>(`/events/${id}`),
  send: (connection: string, topic: string, data: unknown) =>
    post<{ receipt: string }>("/events", { connection, topic, data }),
  retry: (id: number) => post<unknown>(`/events/${id}/retry`),
  discard: (id: number) => post<unknown>(`/events/${id}/discard`),
};
