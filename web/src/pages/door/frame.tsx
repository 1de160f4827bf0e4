// What every way in stands in.
import { type ReactNode, useEffect } from "react";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";

export function Frame({ title, children }: { title: string; children?: ReactNode }) {
  const say = useSay(text);
  useEffect(() => {
    document.title = `${title} · ${say("app.name")}`;
  }, [title, say]);
  return (
    <main className="door">
      <img src="/ieum.svg" alt="" width="56" height="56" />
      <p className="brand">{say("app.name")}</p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
