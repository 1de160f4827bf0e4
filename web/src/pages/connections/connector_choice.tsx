// Which app: every connector with what it is for, in the reader's language.
import { useState } from "react";
import { Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { useBoth, useSay } from "../../text/surroundings";
import { Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { fits } from "./connectors";
import { useConnectors } from "./parts";

const firstSentence = (help: string): string => help.split("\n", 1)[0] ?? "";

export function ConnectorChoice() {
  const say = useSay(text);
  const both = useBoth();
  const { value, trouble, again } = useConnectors();
  const [sought, setSought] = useState("");
  const found = (value ?? []).filter((one) => fits(one, sought));
  return (
    <>
      <h2 className="step-title">{say("add.choose")}</h2>
      <input
        type="search"
        className="finder"
        aria-label={say("add.find")}
        placeholder={say("add.find")}
        value={sought}
        onChange={(change) => setSought(change.target.value)}
      />
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!value && !trouble && <Skeleton />}
      {value && found.length === 0 && <p className="muted">{say("add.nothing", { text: sought })}</p>}
      <ul className="connectors">
        {found.map((one) => (
          <li key={one.name}>
            <Link href={`/connections/+add/${one.name}`}>
              <strong>{both(one.title) || one.name}</strong>
              <span>{firstSentence(both(one.help))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
