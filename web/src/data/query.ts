// Reads of the hub: one cache for all pages. Whether the hub can be reached is the live feed's matter, not the browser's.
import { keepPreviousData, QueryCache, QueryClient, type QueryKey, useQuery } from "@tanstack/react-query";
import { type ApiError, troubleOf } from "../api/call";

type Report = (trouble: ApiError) => void;
let report: Report = () => {};
// The live feed listens here: a session that is over, a hub that is gone.
export const reportTo = (listener: Report): void => {
  report = listener;
};

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (cause) => report(troubleOf(cause)) }),
  defaultOptions: {
    queries: {
      networkMode: "always",
      staleTime: 2_000,
      retry: (count, cause) => count < 2 && [0, 429, 503].includes(troubleOf(cause).status),
    },
  },
});

export interface Reading<T> {
  value: T | undefined;
  trouble: ApiError | null; // of the last read; an older value may still stand
  again: () => void;
  reading: boolean; // nothing to show yet
}
export interface ReadOptions {
  every?: number; // ms between reads while the page is looked at
  when?: boolean; // false: not yet
  fresh?: number; // for so many ms what was read is taken as it is
  keep?: boolean; // show what was there while another key is read
}

export function useRead<T>(key: QueryKey, read: () => Promise<T>, options: ReadOptions = {}): Reading<T> {
  const { every, when = true, keep = false, fresh } = options;
  const query = useQuery({
    queryKey: key,
    queryFn: read,
    enabled: when,
    refetchInterval: every ?? false,
    ...(fresh === undefined ? {} : { staleTime: fresh }),
    ...(keep ? { placeholderData: keepPreviousData as never } : {}),
  });
  return {
    value: query.data,
    trouble: query.error ? troubleOf(query.error) : null,
    again: () => void query.refetch(),
    reading: query.isPending && when,
  };
}

// After something was done: what begins with one of these keys is read again.
export const renew = (...keys: QueryKey[]): void => {
  for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
};
