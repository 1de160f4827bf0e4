// /enter trades the code behind '#' for a session.
import { useEffect, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { meApi } from "../../api/me";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";
import { Command } from "../../ui/code";
import { Trouble } from "../../ui/trouble";
import { Frame } from "./frame";

// A code is good for one use: asked for once, whatever React mounts twice.
const trades = new Map<string, Promise<unknown>>();
function trade(code: string): Promise<unknown> {
  const made = trades.get(code) ?? meApi.logIn({ code });
  trades.set(code, made);
  return made;
}

export function Enter({ code, entered }: { code: string; entered: () => void }) {
  const say = useSay(text);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  useEffect(() => {
    trade(code).then(entered, (cause) => setTrouble(troubleOf(cause)));
  }, [code, entered]);
  if (!trouble) return <Frame title={say("enter.title")} />;
  if (trouble.status === 0) {
    return (
      <Frame title={say("enter.unanswered")}>
        <p>{say("enter.unanswered.text")}</p>
        <Command text="ieum serve --data DIR" />
      </Frame>
    );
  }
  return (
    <Frame title={say("enter.refused")}>
      {trouble.code !== "wrong_code" && <Trouble trouble={trouble} />}
      <p>{say("enter.refused.text")}</p>
      <Command text="ieum console --data DIR" />
      <p className="muted">{say("out.data")}</p>
    </Frame>
  );
}
