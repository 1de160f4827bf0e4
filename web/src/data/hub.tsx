// The one live feed and what pages ask of it: news, the person who looks, and what that person may do.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { ApiError } from "../api/call";
import { type Me, meApi, type Right } from "../api/me";
import { statusApi } from "../api/status";
import { useSurroundings } from "../text/surroundings";
import { Live, type LiveState, type News } from "./live";
import { queries, reportTo, useRead } from "./query";

export const live = new Live({
  status: statusApi.status,
  openStream: () => new EventSource("/api/v1/runs/live"),
  later: (work, ms) => window.setTimeout(work, ms),
  never: (handle) => window.clearTimeout(handle),
  nowMs: Date.now,
  hidden: () => document.hidden,
});
reportTo(live.report);

export const useLive = (): LiveState => useSyncExternalStore(live.watch, live.get);

// Calls `work` for each piece of news while the component stands.
export function useNews(work: (news: News) => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => live.listen((news) => latest.current(news)), []);
}

export function useMe(): Me | undefined {
  return useRead(["me"], meApi.me, { every: 60_000 }).value;
}
// What the person may do; before that is known, only to look.
export function useCan(right: Right): boolean {
  const me = useMe();
  return me?.can[right] ?? right === "read";
}

// The session is over: nothing of it stays on the screen.
export function leave(): void {
  queries.clear();
  live.report(new ApiError(401, "not_logged_in", ""));
}
// A session has begun.
export function enter(): void {
  queries.clear();
  live.start();
}

// Why a deed is not for this person, for the button that does it; null: it is.
export function useWhyNot(right: Right): string | null {
  const { say } = useSurroundings();
  return useCan(right) ? null : say("right.missing");
}
