// Which address shows which page. Each page is a piece of code of its own, read when it is first gone to.
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { Params } from "./router";

export interface PageProps {
  params: Params;
}
type PageCode = LazyExoticComponent<ComponentType<PageProps>>;
export interface Route {
  path: string; // see `match`
  area: string; // the entry of the navigation that it belongs to
  page: PageCode;
}
const page = (read: () => Promise<{ default: ComponentType<PageProps> }>): PageCode => lazy(read);

export const routes: readonly Route[] = [
  { path: "/", area: "/", page: page(() => import("../pages/overview/page")) },
  { path: "/runs", area: "/runs", page: page(() => import("../pages/runs/page")) },
  { path: "/runs/:id", area: "/runs", page: page(() => import("../pages/run/page")) },
  { path: "/problems", area: "/problems", page: page(() => import("../pages/problems/page")) },
  { path: "/lists/dead", area: "/lists/dead", page: page(() => import("../pages/lists/dead")) },
  { path: "/lists/in-doubt", area: "/lists/in-doubt", page: page(() => import("../pages/lists/in_doubt")) },
  { path: "/lists/held", area: "/lists/held", page: page(() => import("../pages/lists/held")) },
  { path: "/lists/quarantined", area: "/lists/quarantined", page: page(() => import("../pages/lists/quarantined")) },
  { path: "/events/:id", area: "/runs", page: page(() => import("../pages/events/page")) },
  { path: "/customers/:id", area: "/runs", page: page(() => import("../pages/customers/page")) },
  { path: "/recipes/*", area: "/recipes", page: page(() => import("../pages/recipes/page")) },
  { path: "/connections/*", area: "/connections", page: page(() => import("../pages/connections/page")) },
  { path: "/settings/*", area: "/settings", page: page(() => import("../pages/settings/page")) },
];

// Ways in: these need no session, and a secret may stand behind '#' in their address.
export const doors: readonly string[] = ["/enter", "/claim", "/login", "/invitation"];

// The secret leaves the address before anything else happens, so that no history and no screenshot keeps it.
export function takeSecret(location: Location, history: History): string | null {
  if (!doors.includes(location.pathname)) return null;
  const secret = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  return secret;
}
