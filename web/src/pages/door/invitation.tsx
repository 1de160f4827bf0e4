// /invitation: who was invited, or forgot the password, chooses one.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { doorApi } from "../../api/door";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Trouble } from "../../ui/trouble";
import { Frame } from "./frame";
import { NewPassword } from "./password";
import { strengthOf } from "./strength";

export function Invitation({ token, entered }: { token: string; entered: () => void }) {
  const say = useSay(text);
  const [password, setPassword] = useState("");
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  if (token === "")
    return (
      <Frame title={say("invite.no_token")}>
        <p>{say("invite.no_token.text")}</p>
      </Frame>
    );
  const ready = strengthOf(password).level > 0;
  const takeUp = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await doorApi.takeUp(token, password);
      entered();
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setWorking(false);
    }
  };
  return (
    <Frame title={say("invite.title")}>
      <p>{say("invite.text")}</p>
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (ready && !working) void takeUp();
        }}
      >
        <NewPassword password={password} name="" set={setPassword} />
        {trouble && <Trouble trouble={trouble} />}
        <Button kind="strong" submit disabled={!ready || working}>
          {say(working ? "login.working" : "invite.go")}
        </Button>
      </form>
    </Frame>
  );
}
