// /login: name and password, and what to do without them.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { doorApi } from "../../api/door";
import { meApi } from "../../api/me";
import { useRead } from "../../data/query";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Command, Fold } from "../../ui/code";
import { Field } from "../../ui/field";
import { Trouble } from "../../ui/trouble";
import { Frame } from "./frame";

export function LogIn({ entered }: { entered: () => void }) {
  const say = useSay(text);
  const door = useRead(["door"], doorApi.door);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const logIn = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await meApi.logIn({ name: name.trim(), password });
      entered();
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setPassword("");
      setWorking(false);
    }
  };
  // Nobody has a password yet: only the owner of the machine can come in.
  if (door.value?.claimed === false)
    return (
      <Frame title={say("login.title")}>
        <p>{say("login.unclaimed")}</p>
        <Command text="ieum console --data DIR" />
        <p className="muted">{say("out.data")}</p>
      </Frame>
    );
  return (
    <Frame title={say("login.title")}>
      <form
        onSubmit={(submit) => {
          submit.preventDefault();
          if (!working && name.trim() !== "" && password !== "") void logIn();
        }}
      >
        <Field name={say("login.name")}>
          {(tied) => (
            <input
              {...tied}
              autoComplete="username"
              autoCapitalize="off"
              spellCheck={false}
              value={name}
              onChange={(change) => setName(change.target.value)}
            />
          )}
        </Field>
        <Field name={say("login.password")}>
          {(tied) => (
            <input
              {...tied}
              type="password"
              autoComplete="current-password"
              value={password}
              onChange={(change) => setPassword(change.target.value)}
            />
          )}
        </Field>
        {trouble && <Trouble trouble={trouble} />}
        <Button kind="strong" submit disabled={working || name.trim() === "" || password === ""}>
          {say(working ? "login.working" : "login.go")}
        </Button>
      </form>
      <Fold title={say("login.other")}>
        <p>{say("login.forgotten")}</p>
        <Command text="ieum console --data DIR" />
        <p className="muted">{say("out.data")}</p>
      </Fold>
    </Frame>
  );
}
