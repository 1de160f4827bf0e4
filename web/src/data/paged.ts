// A list that the hub gives page by page, newest first: what was read, and more on demand.
import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { type ApiError, troubleOf } from "../api/call";

// At: what the hub names the next page by.
export interface PageOf<T, At = number> {
  rows: readonly T[];
  next: At | null;
}
export interface Paged<T, Page = unknown> {
  rows: readonly T[] | null; // null: nothing read yet
  pages: readonly Page[]; // what each page told besides
  trouble: ApiError | null;
  again: () => void;
  more: boolean;
  reading: boolean; // the next page
  older: () => void;
}

export function usePaged<T, At extends number | string = number, Page extends PageOf<T, At> = PageOf<T, At>>(
  key: QueryKey,
  read: (after: At | null) => Promise<Page>,
  every?: number,
): Paged<T, Page> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam as At | null),
    initialPageParam: null as At | null,
    getNextPageParam: (page) => page.next,
    // Many pages are not read again and again; the first one tells of what is new.
    refetchInterval: (found) => (every && (found.state.data?.pages.length ?? 0) <= 1 ? every : false),
  });
  return {
    rows: query.data ? query.data.pages.flatMap((page) => page.rows) : null,
    pages: query.data?.pages ?? [],
    trouble: query.error ? troubleOf(query.error) : null,
    again: () => void query.refetch(),
    more: query.hasNextPage,
    reading: query.isFetchingNextPage,
    older: () => void query.fetchNextPage(),
  };
}
