// Saved views.
import type { RunFilter } from "../../api/runs";
export function Views(_: { filter: RunFilter }) {
  return null;
}
