// The reason of a hold that a restore made, in the reader's language; what a person gave as a reason stays as it is.
import type { overview } from "../../text/overview";
import type { SayOf } from "../../text/words";

export function restoredText(reason: string, say: SayOf<typeof overview>): string {
  if (!/^restored from a backup( |$)/.test(reason)) return reason;
  const [, made] = / of (\S+)$/.exec(reason) ?? [];
  return made ? say("hub_hold.restored.of", { time: made.replace("T", " ").slice(0, 16) }) : say("hub_hold.restored");
}
