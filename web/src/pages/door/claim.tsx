// /claim: who opens the link that the hub printed first becomes its owner.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { doorApi } from "../../api/door";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Trouble } from "../../ui/trouble";
import { Frame } from "./frame";
import { NewPassword } from "./password";
import { strengthOf } from "./strength";

export function Claim({ token, entered }: { token: string; entered: () => void }) {
  const say = useSay(text);
  const door = useRead(["door"], doorApi.door);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  if (door.value?.claimed)
    return (
      <Frame title={say("claim.claimed")}>
        <p>{say("claim.claimed.text")}</p>
        <Link className="button strong" href="/login">
          {say("login.title")}
        </Link>
      </Frame>
    );
  if (token === "")
    return (
      <Frame title={say("claim.no_token")}>
        <p>{say("claim.no_token.text")}</p>
      </Frame>
    );
  const ready = name.trim() !== "" && strengthOf(password, name).level > 0;
  const claim = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await doorApi.claim(token, name.trim(), password);
      entered();
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setWorking(false);
    }
  };
  return (
    <Frame title={say("claim.title")}>
      <p>{say("claim.text")}</p>
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (ready && !working) void claim();
        }}
      >
        <Field name={say("claim.name")}>
          {(tied) => (
            <input
              {...tied}
              autoComplete="username"
              maxLength={64}
              spellCheck={false}
              value={name}
              onChange={(change) => setName(change.target.value)}
            />
          )}
        </Field>
        <NewPassword password={password} name={name} set={setPassword} />
        {trouble && <Trouble trouble={trouble} />}
        <Button kind="strong" submit disabled={!ready || working}>
          {say(working ? "login.working" : "claim.go")}
        </Button>
      </form>
    </Frame>
  );
}
