// A dialog over the page, and one that asks before something is done and shows what came of it.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type ApiError, troubleOf } from "../api/call";
import { useSurroundings } from "../text/surroundings";
import { Button } from "./button";
import { Trouble } from "./trouble";

interface DialogProps {
  title: string;
  close: () => void;
  wide?: boolean;
  side?: boolean; // along the right edge, full height
  children: ReactNode;
}

export function Dialog({ title, close, wide, side, children }: DialogProps) {
  const { say } = useSurroundings();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // Where one begins: the first field, or the harmless button.
    dialog.current
      ?.querySelector<HTMLElement>("[data-first], select, textarea, input:not([type=hidden]), .buttons button")
      ?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} className={side ? "side" : wide ? "wide" : undefined} onClose={close}>
      <header>
        <h2>{title}</h2>
        <Button kind="quiet" icon="close" only aria-label={say("action.close")} onClick={close} />
      </header>
      {children}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text?: ReactNode;
  act: () => Promise<unknown>;
  verb: string; // on the button that does it
  danger?: boolean;
  close: () => void;
  done?: () => void;
  refused?: () => void; // it was asked, and not done
  ready?: boolean; // false: what is asked for is not complete yet
  children?: ReactNode;
}

export function Confirm(props: ConfirmProps) {
  const { say } = useSurroundings();
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const act = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await props.act();
      props.close();
      props.done?.();
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setWorking(false);
      props.refused?.();
    }
  };
  const moved = trouble?.code === "moved_on"; // to be looked at again first: asking once more would be refused as well
  const off = working || moved || props.ready === false;
  return (
    <Dialog title={props.title} close={props.close}>
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (!off) void act();
        }}
      >
        {props.text && <p>{props.text}</p>}
        {props.children}
        {trouble && <Trouble trouble={trouble} />}
        <div className="buttons">
          <Button onClick={props.close}>{say("action.back")}</Button>
          <Button kind={props.danger ? "danger" : "strong"} submit disabled={off}>
            {working ? say("action.working") : props.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
