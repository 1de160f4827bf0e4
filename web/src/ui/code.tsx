// Text to read and to take along: code, JSON, commands, each with its copy button; and what folds away.
import { type ReactNode, useEffect, useState } from "react";
import { useSurroundings } from "../text/surroundings";
import { Button } from "./button";

// Clipboards want a secure page; a hub under a plain http name is none, hence the old way.
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "offstage";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export function CopyButton({ text, of }: { text: string; of: string }) {
  const { say } = useSurroundings();
  const [outcome, setOutcome] = useState<"do" | "done" | "failed">("do");
  useEffect(() => {
    if (outcome === "do") return;
    const handle = setTimeout(() => setOutcome("do"), 2000);
    return () => clearTimeout(handle);
  }, [outcome]);
  const copy = async () => setOutcome((await copyText(text)) ? "done" : "failed");
  return (
    <Button kind="quiet" small aria-label={`${say(`copy.${outcome}`)}: ${of}`} onClick={copy}>
      {say(`copy.${outcome}`)}
    </Button>
  );
}

// A command to copy into a terminal.
export function Command({ text }: { text: string }) {
  return (
    <span className="command">
      <code>{text}</code>
      <CopyButton text={text} of={text} />
    </span>
  );
}

export function Code({ text, title }: { text: string; title: string }) {
  return (
    <figure className="code">
      <figcaption>
        {title}
        <CopyButton text={text} of={title} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
      <pre tabIndex={0} role="region" aria-label={title}>
        {text}
      </pre>
    </figure>
  );
}

export function Fold(props: { title: ReactNode; open?: boolean; children: ReactNode }) {
  return (
    <details className="fold" open={props.open}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  );
}

// Hands a text over as a file.
export function download(name: string, text: string, type = "application/json"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
