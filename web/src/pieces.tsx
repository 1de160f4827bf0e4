// Small pieces that several parts use: trouble with its mend, text to copy, JSON, a dialog.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError } from "./api";
import { Icon } from "./marks";
import { useSurroundings } from "./surroundings";
import { type Key, type Trouble, troubleText } from "./text";

// A sentence with something in its {hole}; where that stands depends on the language.
export function Around(props: { text: Key; hole: string; children: ReactNode }) {
  const { say } = useSurroundings();
  const [before = "", after = ""] = say(props.text, { [props.hole]: "\n" }).split("\n");
  return (
    <>
      {before}
      {props.children}
      {after}
    </>
  );
}

export const troubleOf = (cause: unknown): ApiError =>
  cause instanceof ApiError ? cause : new ApiError(0, "console_broken", String(cause));

export function TroubleNote({ trouble, again }: { trouble: Trouble; again?: () => void }) {
  const { say } = useSurroundings();
  const { what, mend } = troubleText(trouble, say);
  return (
    <div className="trouble" role="alert">
      <Icon shape="warning" />
      <p>
        <strong>{what}</strong> {mend}
      </p>
      {again && (
        <button type="button" onClick={again}>
          {say("action.again")}
        </button>
      )}
    </div>
  );
}

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
    <button type="button" className="quiet copy" aria-label={`${say(`copy.${outcome}`)}: ${of}`} onClick={copy}>
      {say(`copy.${outcome}`)}
    </button>
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
    <details open={props.open}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  );
}

export function Dialog(props: { title: string; close: () => void; children: ReactNode }) {
  const { say } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // Where one begins: the first field, or the harmless button.
    dialog.current?.querySelector<HTMLElement>("select, textarea, .buttons button")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={dialog} aria-label={props.title} onClose={props.close}>
      <header>
        <h2>{props.title}</h2>
        <button type="button" className="quiet square" aria-label={say("panel.close")} onClick={props.close}>
          <Icon shape="close" />
        </button>
      </header>
      {props.children}
    </dialog>
  );
}
