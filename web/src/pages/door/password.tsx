// A new password with what would make it stronger, said in words while it is typed.
import { useState } from "react";
import { door as text } from "../../text/door";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import "./password.css";
import { passwordLeast, strengthOf } from "./strength";

interface NewPasswordProps {
  label?: string;
  password: string;
  name: string; // whose: it must not be the password
  set: (password: string) => void;
}

export function NewPassword({ label, password, name, set }: NewPasswordProps) {
  const say = useSay(text);
  const [shown, setShown] = useState(false);
  const { level, weakness, lacks } = strengthOf(password, name);
  const hint =
    password === ""
      ? say("password.help", { least: passwordLeast })
      : weakness
        ? say(`weak.${weakness}`, { lacks })
        : say(level === 3 ? "level.3" : "level.2");
  return (
    <Field
      name={label ?? say("password.new")}
      help={
        <span className="strength" data-level={password === "" ? undefined : level} aria-live="polite">
          <span className="bars" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {hint}
        </span>
      }
    >
      {(tied) => (
        <span className="with-button">
          <input
            {...tied}
            type={shown ? "text" : "password"}
            autoComplete="new-password"
            spellCheck={false}
            autoCapitalize="off"
            value={password}
            onChange={(change) => set(change.target.value)}
          />
          <Button small aria-pressed={shown} onClick={() => setShown(!shown)}>
            {say(shown ? "password.hide" : "password.show")}
          </Button>
        </span>
      )}
    </Field>
  );
}
