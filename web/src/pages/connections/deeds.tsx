// What is done with a connection that is stored: log in, copy its address, see what to paste, test it.
import { useEffect, useRef, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, connectionsApi, type Login } from "../../api/connections";
import { pretty } from "../../api/json_text";
import { useCan } from "../../data/hub";
import { renew } from "../../data/query";
import { connections as text } from "../../text/connections";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Code, Command } from "../../ui/code";
import { Icon } from "../../ui/marks";
import { Section } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { connectionsKey } from "./parts";
import { addressOf } from "./troubles";

const isWeb = (url: string): boolean => /^https?:\/\//.test(url);

export function LoginBox({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const mayEdit = useCan("edit");
  const [login, setLogin] = useState<Login | null>(null);
  const [state, setState] = useState<"idle" | "waiting" | "done" | "failed">("idle");
  const [why, setWhy] = useState("");
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const current = useRef("");
  useEffect(
    () => () => {
      current.current = "";
    },
    [],
  );

  const begin = async () => {
    setTrouble(null);
    try {
      const begun = await connectionsApi.logIn(connection.name);
      current.current = begun.login;
      setLogin(begun);
      setState("waiting");
      if (isWeb(begun.url)) open(begun.url, "_blank", "noopener");
      await end(begun.login);
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setState("idle");
    }
  };
  const end = async (id: string) => {
    while (current.current === id) {
      const now = await connectionsApi.login(id);
      if (current.current !== id) return;
      if (now.state === "waiting") continue;
      setWhy(now.problem ?? "");
      setState(now.state);
      renew(connectionsKey);
      return;
    }
  };
  const wanted = connection.health.state === "login" || connection.health.state === "dead";
  const again = connection.health.state !== "login" && state === "idle";
  return (
    <Section title={say("login.title")}>
      <p>{say("login.text")}</p>
      {state === "waiting" && login && (
        <p className="note" role="status">
          {say("login.waiting")}{" "}
          {isWeb(login.url) && (
            <a href={login.url} target="_blank" rel="noopener noreferrer">
              {say("login.open", { host: new URL(login.url).host })}
            </a>
          )}
        </p>
      )}
      {state === "done" && (
        <p className="good" role="status">
          <Icon shape="finished" /> {say("login.done")}
        </p>
      )}
      {state === "failed" && (
        <p className="problem" role="alert">
          {say("login.failed", { why })}
        </p>
      )}
      {trouble && <Trouble trouble={trouble} />}
      {mayEdit && state !== "waiting" && (
        <p>
          <Button kind={wanted && state !== "done" ? "strong" : "plain"} onClick={() => void begin()}>
            {say(again || state !== "idle" ? "login.again" : "login.go")}
          </Button>
        </p>
      )}
    </Section>
  );
}

export function HookAddress({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const mayReveal = useCan("own");
  const [secret, setSecret] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  if (!connection.hook) return null;
  const slot = connection.hook_secret;
  const byHub = connection.secrets.find((one) => one.slot === slot)?.made_by_hub;
  const reveal = async () => {
    try {
      setSecret((await connectionsApi.reveal(connection.name, slot ?? "")).value);
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
  };
  return (
    <Section title={say("hook.title")}>
      <p>{say(connection.hook_by_hub ? "hook.by_hub" : "hook.by_you")}</p>
      <p>
        <Command text={addressOf(connection, secret)} />
      </p>
      {slot && secret === null && (
        <p>
          {byHub && mayReveal ? (
            <Button small onClick={() => void reveal()}>
              {say("hook.show")}
            </Button>
          ) : (
            <span className="muted">{say(byHub ? "secret.owner" : "hook.entered")}</span>
          )}
        </p>
      )}
      {slot && <p className="note">{say("hook.unsigned")}</p>}
      {!connection.hook_url && <p className="note">{say("hook.no_address")}</p>}
      {trouble && <Trouble trouble={trouble} />}
    </Section>
  );
}

// A secret that the hub made and a person must enter elsewhere, with the text to paste around it.
export function SecretsToPaste(props: { connection: Connection; titleOf: (slot: string) => string }) {
  const { connection, titleOf } = props;
  const say = useSay(text);
  const mayReveal = useCan("own");
  const [shown, setShown] = useState<Record<string, { value: string; paste?: string }>>({});
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const slots = connection.secrets.filter((secret) => secret.made_by_hub && secret.paste).map((secret) => secret.slot);
  if (slots.length === 0) return null;
  const reveal = async (slot: string) => {
    try {
      const value = await connectionsApi.reveal(connection.name, slot);
      setShown((others) => ({ ...others, [slot]: value }));
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
  };
  return (
    <Section title={say("secret.reveal")}>
      {!mayReveal && <p className="muted">{say("secret.owner")}</p>}
      {(mayReveal ? slots : []).map((slot) => {
        const found = shown[slot];
        return found ? (
          <div key={slot} className="to-paste">
            {found.paste ? (
              <Code text={found.paste} title={`${say("secret.paste")}: ${titleOf(slot)}`} />
            ) : (
              <p>
                {titleOf(slot)}: <Command text={found.value} />
              </p>
            )}
          </div>
        ) : (
          <p key={slot}>
            <Button onClick={() => void reveal(slot)}>
              {say("secret.reveal")}: {titleOf(slot)}
            </Button>
          </p>
        );
      })}
      {trouble && <Trouble trouble={trouble} />}
    </Section>
  );
}

export function TestBox({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const mayTest = useCan("operate");
  const [state, setState] = useState<"idle" | "working">("idle");
  const [answer, setAnswer] = useState<{ output: unknown } | null>(null);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const test = async () => {
    setState("working");
    setAnswer(null);
    setTrouble(null);
    try {
      setAnswer(await connectionsApi.test(connection.name));
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setState("idle");
    renew(connectionsKey);
  };
  if (connection.testable === false)
    return (
      <Section title={say("test.title")}>
        <p className="muted">{say("test.none")}</p>
      </Section>
    );
  return (
    <Section
      title={say("test.title")}
      deeds={
        mayTest && (
          <Button disabled={state === "working"} onClick={() => void test()}>
            {say(state === "working" ? "test.working" : "test.go")}
          </Button>
        )
      }
    >
      <p className="muted">{say("test.text")}</p>
      <div aria-live="polite">
        {answer && (
          <>
            <p className="good">
              <Icon shape="finished" /> {say("test.well")}
            </p>
            <Code text={pretty(answer.output)} title={say("test.answer")} />
          </>
        )}
      </div>
      {trouble && <Trouble trouble={trouble} />}
    </Section>
  );
}
