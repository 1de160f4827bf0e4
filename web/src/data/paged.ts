// A list that the hub gives page by page, newest first: what was read, and more on demand.
import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { type ApiError, troubleOf } from "../api/call";

export interface Paged<T> {
  rows: readonly T[] | null; // null: nothing read yet
  trouble: ApiError | null;
  again: () => void;
  more: boolean;
  reading: boolean; // the next page
  older: () => void;
}

export function usePaged<T>(
  key: QueryKey,
  read: (before: number | null) => Promise<{ rows: readonly T[]; next: number | null }>,
  every?: number,
): Paged<T> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    // Many pages are not read again and again; the first one tells of what is new.
    refetchInterval: (found) => (every && (found.state.data?.pages.length ?? 0) <= 1 ? every : false),
  });
  return {
    rows: query.data ? query.data.pages.flatMap((page) => page.rows) : null,
    trouble: query.error ? troubleOf(query.error) : null,
    again: () => void query.refetch(),
    more: query.hasNextPage,
    reading: query.isFetchingNextPage,
    older: () => void query.fetchNextPage(),
  };
}
