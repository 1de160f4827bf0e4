// The ways in: /enter trades the code behind '#' for a session; without a session a page says how to get a link.
import { type ReactNode, useEffect, useState } from "react";
import { type ApiError, api } from "./api";
import { Command, TroubleNote, troubleOf } from "./pieces";
import { useSurroundings } from "./surroundings";

// The code leaves the address before anything else happens, so that no history and no screenshot keeps it.
export function takeCode(location: Location, history: History): string | null {
  if (location.pathname !== "/enter") return null;
  const code = location.hash.slice(1);
  history.replaceState(null, "", "/enter");
  return code;
}

function Door({ title, children }: { title: string; children?: ReactNode }) {
  const { say } = useSurroundings();
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
  const made = trades.get(code) ?? api.logIn(code);
  trades.set(code, made);
  return made;
}

export function Enter({ code, entered }: { code: string; entered: () => void }) {
  const { say } = useSurroundings();
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  useEffect(() => {
    trade(code).then(entered, (cause) => setTrouble(troubleOf(cause)));
  }, [code, entered]);
  if (!trouble) return <Door title={say("enter.title")} />;
  if (trouble.status === 0) {
    return (
      <Door title={say("enter.unanswered")}>
        <p>{say("enter.unanswered.text")}</p>
        <Command text="ieum serve --data DIR" />
      </Door>
    );
  }
  return (
    <Door title={say("enter.refused")}>
      {trouble.code !== "wrong_code" && <TroubleNote trouble={trouble} />}
      <p>{say("enter.refused.text")}</p>
      <Command text="ieum console --data DIR" />
      <p className="muted">{say("out.data")}</p>
    </Door>
  );
}

export function SignedOut({ left }: { left: boolean }) {
  const { say } = useSurroundings();
  return (
    <Door title={say("out.title")}>
      {left && <p className="good">{say("out.left")}</p>}
      <p>{say("out.text")}</p>
      <Command text="ieum console --data DIR" />
      <p className="muted">{say("out.data")}</p>
    </Door>
  );
}
