// The ways in: whether the hub has an owner yet, claiming it, invitations. All of them need no session.
import { get, post } from "./call";
import type { Role } from "./me";

export interface Entered {
  person: { id: number; name: string; role: Role };
  expires_ms: number;
}
export const doorApi = {
  door: () => get<{ claimed: boolean; version: string }>("/door"),
  claim: (token: string, name: string, password: string) => post<Entered>("/claim", { token, name, password }),
  takeUp: (token: string, password: string) => post<Entered>("/invitations", { token, password }),
};
