// What a token may do: areas, each to read or to write; none chosen means all that its role may.
import type { Role } from "../../api/me";

export const areas = ["runs", "events", "recipes", "connections", "customers", "settings"] as const;
export type Area = (typeof areas)[number];
export type Reach = "none" | "read" | "write";

export const reachOf = (scopes: readonly string[], area: Area): Reach =>
  scopes.includes(`${area}:write`) ? "write" : scopes.includes(`${area}:read`) ? "read" : "none";

// Whoever may write may read: the hub is told both.
export function withReach(scopes: readonly string[], area: Area, reach: Reach): string[] {
  const others = scopes.filter((scope) => !scope.startsWith(`${area}:`));
  const own = reach === "write" ? [`${area}:read`, `${area}:write`] : reach === "read" ? [`${area}:read`] : [];
  const next = new Set([...others, ...own]);
  return areas.flatMap((one) => [`${one}:read`, `${one}:write`]).filter((scope) => next.has(scope));
}

const writers: Record<Area, readonly Role[]> = {
  runs: ["operator", "editor", "owner"],
  events: ["operator", "editor", "owner"],
  recipes: ["editor", "owner"],
  connections: ["operator", "editor", "owner"], // an operator tests them
  customers: ["operator", "editor", "owner"],
  settings: ["owner"],
};
// A scope beyond the role would be an empty promise.
export const mayWrite = (role: Role, area: Area): boolean => writers[area].includes(role);
export const withinRole = (scopes: readonly string[], role: Role): string[] =>
  scopes.filter((scope) => !scope.endsWith(":write") || mayWrite(role, scope.split(":")[0] as Area));

// "Firefox · Linux" for a browser's name of itself; what is not known is shown as it came.
export function browserOf(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /Firefox\//.test(agent)
      ? "Firefox"
      : /SamsungBrowser\//.test(agent)
        ? "Samsung Internet"
        : /Chrom(e|ium)\//.test(agent)
          ? "Chrome"
          : /Safari\//.test(agent)
            ? "Safari"
            : "";
  const system = /Android/.test(agent)
    ? "Android"
    : /iPhone|iPad/.test(agent)
      ? "iOS"
      : /Windows/.test(agent)
        ? "Windows"
        : /Mac OS X/.test(agent)
          ? "macOS"
          : /Linux/.test(agent)
            ? "Linux"
            : "";
  return browser === "" ? agent : system === "" ? browser : `${browser} · ${system}`;
}
