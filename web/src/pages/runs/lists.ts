// The lists of runs that were looked at: coming back to one finds it as it was left.
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type RunFilter, runsApi } from "../../api/runs";
import { live, useNews } from "../../data/hub";
import { RunList } from "../../data/run_list";
import { writeFilter } from "./address";

const kept = new Map<string, RunList>();
const most = 5;

function listOf(filter: RunFilter): RunList {
  const key = writeFilter(filter);
  const list =
    kept.get(key) ??
    new RunList(filter, {
      read: (wanted, limit, before) =>
        runsApi.list(wanted, limit, before).then(
          (page) => {
            live.answered();
            return page;
          },
          (cause) => {
            live.report(cause);
            throw cause;
          },
        ),
      later: (work, ms) => window.setTimeout(work, ms),
      never: (handle) => window.clearTimeout(handle),
    });
  kept.delete(key);
  kept.set(key, list);
  for (const old of kept.keys()) {
    if (kept.size <= most) break;
    kept.delete(old);
  }
  return list;
}

export function useRunList(filter: RunFilter) {
  const list = useMemo(() => listOf(filter), [filter]);
  const state = useSyncExternalStore(list.watch, list.get);
  useEffect(() => void list.read(), [list]);
  useNews(list.hear);
  return { ...state, again: list.read, older: list.older };
}
