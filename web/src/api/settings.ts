// Who may do what at this hub, and how it is kept: people, sessions, tokens, the audit log, retention, backups.
import { get, piece, post, remove } from "./call";
import type { Role } from "./me";

export interface Person {
  id: number;
  name: string;
  role: Role;
  disabled: boolean;
  invited: boolean;
  created_ms: number;
  seen_ms: number | null;
  sessions: number;
}
export interface Invitation {
  url: string;
  expires_ms: number;
}
export interface Session {
  id: string;
  current: boolean;
  created_ms: number;
  expires_ms: number;
  peer: string;
  agent: string;
}
export interface Token {
  id: number;
  hint: string;
  name: string;
  role: Role;
  scopes: string[];
  made_by: string;
  created_ms: number;
  expires_ms: number | null;
  used_ms: number | null;
  revoked_ms: number | null;
}
export interface NewToken {
  name: string;
  role: Role;
  scopes: string[];
  expires_in?: string;
}
export interface AuditEntry {
  id: number;
  at_ms: number;
  who: string;
  kind: "person" | "token" | "local";
  what: string;
  target: string;
  from: string;
  details: unknown;
  status: number | null;
}
export interface Chain {
  state: "whole" | "broken";
  entries?: number;
  at?: number;
}
export interface AuditPage {
  entries: AuditEntry[];
  next: number | null;
  chain: Chain; // of this page
}
export interface HubSettings {
  retention: { runs_days: number; events_days: number; max_bytes: number }; // 0 bytes: no limit
}
export interface Backup {
  file: string; // its whole path
  bytes: number | null;
}
export interface Backups {
  folder: string;
  backups: (Backup & { name: string })[];
}

export const peopleApi = {
  list: async () => (await get<{ people: Person[] }>("/people")).people,
  invite: (name: string, role: Role) => post<Invitation & { person: Person }>("/people", { name, role }),
  change: (id: number, change: { role?: Role; disabled?: boolean }) => post<unknown>(`/people/${id}`, change),
  remove: (id: number) => remove<unknown>(`/people/${id}`),
  newLink: (id: number) => post<Invitation>(`/people/${id}/link`),
};
export const accountApi = {
  changePassword: (old: string, next: string) => post<unknown>("/me/password", { old, new: next }),
  sessions: async () => (await get<{ sessions: Session[] }>("/me/sessions")).sessions,
  endSession: (id: string) => remove<unknown>(`/me/sessions/${piece(id)}`),
};
export const tokensApi = {
  list: async () => (await get<{ tokens: Token[] }>("/tokens")).tokens,
  make: (wanted: NewToken) => post<Token & { token: string }>("/tokens", wanted),
  revoke: (id: number) => remove<unknown>(`/tokens/${id}`),
};
export const hubApi = {
  audit: (who: string, before: number | null) => get<AuditPage>("/audit", { who, before, limit: 50 }),
  chain: () => get<Chain>("/audit/chain"),
  settings: () => get<HubSettings>("/settings"),
  keep: (retention: HubSettings["retention"]) => post<HubSettings>("/settings", { retention }),
  backups: () => get<Backups>("/backups"),
  backUp: () => post<Backup>("/backups"),
  moveClock: (to: string) => post<unknown>("/clock", { to }),
};
