// What went wrong and what to do about it; and a sentence with something in its middle.
import type { ReactNode } from "react";
import type { ApiError } from "../api/call";
import { troubleText } from "../text/shared";
import { useSurroundings } from "../text/surroundings";
import { Button } from "./button";
import { Icon } from "./marks";

// A sentence with something in its {hole}; where that stands depends on the language. `say` is that of the text's area.
export function Around<K extends string>(props: {
  say: (key: K, values?: Record<string, string>) => string;
  text: K;
  hole: string;
  children: ReactNode;
}) {
  const [before = "", after = ""] = props.say(props.text, { [props.hole]: "\n" }).split("\n");
  return (
    <>
      {before}
      {props.children}
      {after}
    </>
  );
}

export function Trouble({ trouble, again }: { trouble: ApiError; again?: () => void }) {
  const { say } = useSurroundings();
  const { what, mend } = troubleText(trouble, say);
  return (
    <div className="trouble" role="alert">
      <Icon shape="warning" />
      <p>
        <strong>{what}</strong> {mend}
      </p>
      {again && <Button onClick={again}>{say("action.again")}</Button>}
    </div>
  );
}
