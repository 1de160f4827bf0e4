// A manifest's help: its first lines as text; what is a script to paste as code with a copy button.
import { connections as text } from "../../text/connections";
import { useSay } from "../../text/surroundings";
import { Code, Fold } from "../../ui/code";

// A blank line parts the words from a script that follows them.
export function Help({ text: help }: { text: string }) {
  const say = useSay(text);
  const gap = help.indexOf("\n\n");
  const words = gap < 0 ? help : help.slice(0, gap);
  const rest = gap < 0 ? "" : help.slice(gap).trim();
  return (
    <>
      <span className="help-text">{words}</span>
      {rest !== "" && (
        <Fold title={say("add.more")}>
          <Code text={rest} title={say("secret.paste")} />
        </Fold>
      )}
    </>
  );
}
