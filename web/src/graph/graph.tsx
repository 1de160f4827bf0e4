// A recipe's graph for a page; the code that draws it is read when the first one is shown.
import { lazy, Suspense } from "react";
import { Skeleton } from "../ui/page";
import type { GraphProps } from "./drawing";

export type { NodeMark } from "./drawing";

const Drawing = lazy(() => import("./drawing"));

export function Graph(props: GraphProps) {
  return (
    <Suspense fallback={<Skeleton rows={3} />}>
      <Drawing {...props} />
    </Suspense>
  );
}
