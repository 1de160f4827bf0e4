// My account: the password, and where I am logged in.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { accountApi, type Session } from "../../api/settings";
import { useMe } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { settings as text } from "../../text/settings";
import { Ago, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Badge } from "../../ui/marks";
import { Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { NewPassword } from "../door/password";
import { strengthOf } from "../door/strength";
import { browserOf } from "./scopes";

const key = ["me", "sessions"];

export function Account() {
  const say = useSay(text);
  const me = useMe();
  if (!me) return <Skeleton />;
  return (
    <>
      <Section title={me.kind === "local" ? say("account.machine") : say("account.me", { name: me.name })}>
        <p>
          <Badge>{say(`role.${me.role}`)}</Badge> <span className="muted">{say(`role.${me.role}.help`)}</span>
        </p>
        {me.kind !== "person" && <p className="note">{say("account.local")}</p>}
      </Section>
      {me.kind === "person" && <Password name={me.name} />}
      <Sessions />
    </>
  );
}

function Password({ name }: { name: string }) {
  const say = useSay(text);
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [state, setState] = useState<"idle" | "working" | "done">("idle");
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const ready = old !== "" && strengthOf(next, name).level > 0;
  const change = async () => {
    setState("working");
    setTrouble(null);
    try {
      await accountApi.changePassword(old, next);
      setOld("");
      setNext("");
      setState("done");
      renew(key);
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setState("idle");
    }
  };
  return (
    <Section title={say("account.password")}>
      <form
        className="narrow"
        onSubmit={(submit) => {
          submit.preventDefault();
          if (ready && state !== "working") void change();
        }}
      >
        <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
        <Field name={say("account.old")}>
          {(tied) => (
            <input
              {...tied}
              type="password"
              autoComplete="current-password"
              value={old}
              onChange={(event) => setOld(event.target.value)}
            />
          )}
        </Field>
        <NewPassword label={say("account.new")} password={next} name={name} set={setNext} />
        {trouble && <Trouble trouble={trouble} />}
        {state === "done" && (
          <p className="good" role="status">
            {say("account.changed")}
          </p>
        )}
        <div className="buttons">
          <Button kind="strong" submit disabled={!ready || state === "working"}>
            {state === "working" ? say("action.working") : say("account.change")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Sessions() {
  const say = useSay(text);
  const { value, trouble, again } = useRead(key, accountApi.sessions);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const end = async (session: Session) => {
    try {
      await accountApi.endSession(session.id);
    } catch (cause) {
      setRefusal(troubleOf(cause));
    }
    renew(key);
  };
  return (
    <Section title={say("account.sessions")}>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {refusal && <Trouble trouble={refusal} />}
      {!value && !trouble && <Skeleton rows={2} />}
      {value?.length === 0 && <p className="muted">{say("account.no_sessions")}</p>}
      <ul className="plain sessions">
        {value?.map((session) => (
          <li key={session.id}>
            <span>
              {browserOf(session.agent)} {session.current && <Badge tone="finished">{say("account.this")}</Badge>}
              <small>
                {session.peer} · <Ago at={session.created_ms} />
              </small>
            </span>
            {!session.current && (
              <Button
                small
                aria-label={`${say("account.end")}: ${browserOf(session.agent)}`}
                onClick={() => void end(session)}
              >
                {say("account.end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
