// The hold of one recipe or connection, on its own page: put on, released, at another pace, put on again.
import { useState } from "react";
import { type Hold, holdsApi } from "../../api/repair";
import type { HoldKind } from "../../api/runs";
import { useCan } from "../../data/hub";
import { useRead } from "../../data/query";
import { lists as text } from "../../text/lists";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/marks";
import { type Deed, deedsOf, HoldDeed, HoldDialog } from "./hold_dialogs";

export function useHolds(): (kind: HoldKind, name: string) => Hold | undefined {
  const holds = useRead(["holds"], holdsApi.list, { every: 10_000 }).value;
  return (kind, name) => holds?.find((one) => one.kind === kind && one.name === name);
}

export function HoldButton({ kind, name }: { kind: HoldKind; name: string }) {
  const say = useSay(text);
  const hold = useHolds()(kind, name);
  const mayOperate = useCan("operate");
  const [asked, setAsked] = useState<{ deed: Deed; hold: Hold } | "hold" | null>(null);
  if (!mayOperate) return null;
  const close = () => setAsked(null);
  return (
    <>
      {hold ? (
        deedsOf(hold).map((deed) => (
          <Button key={deed} icon="held" onClick={() => setAsked({ deed, hold })}>
            {say(deed)}
          </Button>
        ))
      ) : (
        <Button icon="held" onClick={() => setAsked("hold")}>
          {say("hold.go")}
        </Button>
      )}
      {asked === "hold" && <HoldDialog given={{ kind, name }} close={close} />}
      {asked !== null && asked !== "hold" && <HoldDeed deed={asked.deed} hold={asked.hold} close={close} />}
    </>
  );
}

export function HoldMark({ hold }: { hold: Hold | undefined }) {
  const say = useSay(text);
  if (!hold) return null;
  const holds = hold.state === "holding";
  return (
    <Badge tone={holds ? "waiting" : "acting"} icon={holds ? "held" : "acting"}>
      {say(`hold.state.${hold.state}`)}
    </Badge>
  );
}
