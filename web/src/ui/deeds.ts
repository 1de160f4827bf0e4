// What the open page does on a key: the shell hears the keys, a list or a page says what they mean there.
import { useEffect, useRef } from "react";
import type { Deed } from "../shell/keyboard";

type Handler = (deed: Exclude<Deed, object>) => boolean; // true: it was for this page
const handlers: Handler[] = [];

export function useDeeds(handler: Handler): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    const call: Handler = (deed) => latest.current(deed);
    handlers.push(call);
    return () => {
      handlers.splice(handlers.indexOf(call), 1);
    };
  }, []);
}
// The page that came last is asked first.
export const doDeed: Handler = (deed) => handlers.toReversed().some((handler) => handler(deed));
