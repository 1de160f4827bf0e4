// How a step of a trial stands, as a mark.
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { known } from "../../text/words";
import { Badge, type Shape } from "../../ui/marks";

const looks = {
  done: "finished",
  finished: "finished",
  failed: "failed",
  in_doubt: "in_doubt",
  waiting: "waiting",
  intent: "acting",
  acting: "acting",
  skipped: "exited",
  exited: "exited",
  stopped: "stopped",
  cancelled: "cancelled",
} as const;

export const toneOf = (state: string) =>
  Object.hasOwn(looks, state) ? looks[state as keyof typeof looks] : ("exited" as const);
export const iconOf = (state: string): Shape => (state === "skipped" ? "skipped" : toneOf(state));

export function StateBadge({ state }: { state: string }) {
  const say = useSay(text);
  const key = known(text, `trial.${state}`);
  return (
    <Badge tone={toneOf(state)} icon={iconOf(state)}>
      {key ? say(key as "trial.done") : state}
    </Badge>
  );
}
