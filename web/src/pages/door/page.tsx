// The ways in: /enter trades the code behind '#' for a session; without a session a page says how to get a link.
import { type ReactNode, useEffect, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { meApi } from "../../api/me";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";
import { Command } from "../../ui/code";
import { Trouble } from "../../ui/trouble";

interface DoorProps {
  door: string; // the path
  secret: string | null; // what stood behind its '#'
  entered: () => void; // a session has begun
}
export default function Door({ door, secret, entered }: DoorProps) {
  if (door === "/enter" && secret) return <Enter code={secret} entered={entered} />;
  return <SignedOut />;
}

function Frame({ title, children }: { title: string; children?: ReactNode }) {
  const say = useSay(text);
  return (
    <main className="door">
      <img src="/ieum.svg" alt="" width="56" height="56" />
      <p className="brand">{say("app.name")}</p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}

// A code is good for one use: asked for once, whatever React mounts twice.
const trades = new Map<string, Promise<unknown>>();
function trade(code: string): Promise<unknown> {
  const made = trades.get(code) ?? meApi.logIn({ code });
  trades.set(code, made);
  return made;
}

function Enter({ code, entered }: { code: string; entered: () => void }) {
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

function SignedOut() {
  const say = useSay(text);
  return (
    <Frame title={say("out.title")}>
      <p>{say("out.text")}</p>
      <Command text="ieum console --data DIR" />
      <p className="muted">{say("out.data")}</p>
    </Frame>
  );
}
