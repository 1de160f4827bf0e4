import type { RunDetail } from "../../api/runs";
export function RunActions(_: { run: RunDetail }) {
  return null;
}
