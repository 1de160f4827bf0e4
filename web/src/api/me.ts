// Who looks at the console, what they may do, and the views that they saved.
import { get, post, remove } from "./call";

export const roles = ["viewer", "operator", "editor", "owner"] as const;
export type Role = (typeof roles)[number];
export type Right = "read" | "operate" | "edit" | "own";
export interface Me {
  kind: "person" | "token" | "local";
  id: number;
  name: string;
  role: Role;
  scopes: string[] | null;
  expires_ms: number | null;
  can: Record<Right, boolean>;
}
// query: the search text and filters of the runs list, as its address has them.
export interface SavedView {
  id: number;
  name: string;
  query: string;
  shared: boolean;
}
export const meApi = {
  me: () => get<Me>("/me"),
  logIn: (proof: { code: string } | { name: string; password: string }) =>
    post<{ expires_ms: number }>("/sessions", proof),
  logOut: () => remove<unknown>("/sessions"),
  views: async () => (await get<{ views: SavedView[] }>("/views")).views,
  saveView: (view: { name: string; query: string; shared?: boolean }) => post<unknown>("/views", view),
  removeView: (id: number) => remove<unknown>(`/views/${id}`),
};
