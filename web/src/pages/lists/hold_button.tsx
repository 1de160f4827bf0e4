// The hold of one recipe or connection, on its own page: put on, or released.
import { useState } from "react";
import { holdsApi } from "../../api/repair";
import type { HoldKind } from "../../api/runs";
import { useCan } from "../../data/hub";
import { useRead } from "../../data/query";
import { lists as text } from "../../text/lists";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/marks";
import { HoldDialog, ReleaseDialog } from "./hold_dialogs";

const useHold = (kind: HoldKind, name: string) =>
  useRead(["holds"], holdsApi.list, { every: 10_000 }).value?.find((one) => one.kind === kind && one.name === name);

export function HoldButton({ kind, name }: { kind: HoldKind; name: string }) {
  const say = useSay(text);
  const hold = useHold(kind, name);
  const mayOperate = useCan("operate");
  const [isOpen, setOpen] = useState(false);
  if (!mayOperate) return null;
  return (
    <>
      <Button icon="held" onClick={() => setOpen(true)}>
        {say(hold ? "release" : "hold.go")}
      </Button>
      {isOpen && hold && <ReleaseDialog hold={hold} close={() => setOpen(false)} />}
      {isOpen && !hold && <HoldDialog given={{ kind, name }} close={() => setOpen(false)} />}
    </>
  );
}

export function HeldBadge({ kind, name }: { kind: HoldKind; name: string }) {
  const say = useSay(text);
  const hold = useHold(kind, name);
  if (!hold) return null;
  return (
    <Badge tone="waiting" icon="held">
      {say(`hold.state.${hold.state}`)}
    </Badge>
  );
}
