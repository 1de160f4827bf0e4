// Bulk.
import type { RunFilter, RunPage } from "../../api/runs";
export function BulkBar(_: {
  filter: RunFilter;
  page: RunPage;
  chosen: ReadonlySet<number>;
  all: boolean;
  takeLoaded: () => void;
  takeAll: () => void;
  clear: () => void;
}) {
  return null;
}
