// What every page says: states, errors, reasons. `useSay(area)` knows these beside the words of its area.
import { causes, sameCause } from "./causes";
import { common } from "./common";
import { errors } from "./errors";
import { known, type SayOf } from "./words";

export const shared = { ...common, ...errors, ...causes };
export type Shared = typeof shared;
export type Say = SayOf<Shared>;

// Why a run ended or a message was not sent: "no_address", "exit_on:order_created", "bad_value: line 7, ...".
export function reasonText(reason: string, say: Say): string {
  if (reason.startsWith("exit_on:")) return say("reason.exit_on", { event: reason.slice("exit_on:".length) });
  if (reason.startsWith("held: hub ")) return say("reason.held.hub");
  const held = /^held: (recipe|connection|connector) ([^ :]+)/.exec(reason);
  if (held) return say("reason.held", { kind: say(`holder.${held[1] as "recipe"}`), name: held[2] ?? "" });
  const host = /^host: (\S+) (down|busy|repeats)$/.exec(reason);
  if (host) return say(`reason.host.${host[2] as "down"}`, { host: host[1] ?? "" });
  const [, done = "", by] = /^(cancelled|retried|discarded)(?: by (.+))?$/.exec(reason) ?? [];
  const deed = known(shared, `reason.${done}`);
  if (deed) return by ? `${say(deed)}: ${by}` : say(deed);
  const colon = reason.indexOf(": ");
  const code = colon < 0 ? reason : reason.slice(0, colon);
  const key = known(shared, `reason.${code}`) ?? causeKey(code);
  if (!key) return reason;
  return colon < 0 ? say(key) : `${say(key)}: ${reason.slice(colon + 2)}`;
}

// "http_503" is told as all answers of the five hundreds, where it has no words of its own.
function causeKey(code: string) {
  const [, hundreds] = /^http_([345])\d\d$/.exec(code) ?? [];
  return (
    known(shared, `cause.${sameCause[code] ?? code}`) ?? (hundreds ? known(shared, `cause.http_${hundreds}xx`) : null)
  );
}
// What made a step fail, by its code. What the vendor said stands beside it, in the vendor's words.
export function causeText(code: string, say: Say): string {
  return say(causeKey(code) ?? "cause.other");
}

export interface Trouble {
  status: number;
  code: string;
  message: string;
  mend: string;
}
// What went wrong and what to do, in the reader's language where the code is known, else in the hub's own words.
export function troubleText(trouble: Trouble, say: Say): { what: string; mend: string } {
  const what = known(shared, `error.${trouble.code}`);
  const mend = known(shared, `error.${trouble.code}.mend`);
  return {
    what: what ? say(what, { message: trouble.message }) : say("error.generic", { message: trouble.message }),
    mend: mend ? say(mend) : trouble.mend || say("error.generic.mend"),
  };
}
