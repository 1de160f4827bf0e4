// A test event by hand: a connection, one of its connector's topics, and a sample to change before it goes.
import { useEffect, useId, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, type Connector, connectionsApi } from "../../api/connections";
import { eventsApi } from "../../api/events";
import { parseExact, pretty } from "../../api/json_text";
import { live, useWhyNot } from "../../data/hub";
import { send as text } from "../../text/send";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Command } from "../../ui/code";
import { Dialog } from "../../ui/dialog";
import { Around, Trouble } from "../../ui/trouble";
import { problemOf } from "../run/substitute";

export default function SendEvent({ close }: { close: () => void }) {
  const say = useSay(text);
  const forbidden = useWhyNot("operate");
  const { language } = useSurroundings();
  const [connections, setConnections] = useState<Connection[] | null>(null);
  const [connector, setConnector] = useState<Connector | null>(null);
  const [connection, setConnection] = useState("");
  const [topic, setTopic] = useState("");
  const [sample, setSample] = useState("");
  const [data, setData] = useState("{}");
  const [state, setState] = useState<"idle" | "sending">("idle");
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const [wrong, setWrong] = useState("");
  const [receipt, setReceipt] = useState("");

  const topicField = useId();
  useEffect(() => {
    connectionsApi.list().then(
      (all) => {
        const usable = all.filter((one) => one.enabled);
        setConnections(usable);
        setConnection((before) => before || (usable[0]?.name ?? ""));
      },
      (cause) => setTrouble(troubleOf(cause)),
    );
  }, []);

  const kind = connections?.find((one) => one.name === connection)?.connector;
  useEffect(() => {
    if (!kind) return;
    let wanted = true;
    connectionsApi.connector(kind).then(
      (found) => {
        if (!wanted) return;
        setConnector(found);
        const first = found.events[0];
        const [name = "", value = {}] = Object.entries(first?.samples ?? {})[0] ?? [];
        setTopic(first?.topic ?? "");
        setSample(name);
        setData(pretty(value));
      },
      (cause) => wanted && setTrouble(troubleOf(cause)),
    );
    return () => {
      wanted = false;
    };
  }, [kind]);

  // A topic's sample: the named one, else its first.
  const take = (of: string, wanted?: string) => {
    const samples = connector?.events.find((one) => one.topic === of)?.samples ?? {};
    const name = wanted ?? Object.keys(samples)[0] ?? "";
    setTopic(of);
    setSample(name);
    setData(pretty(samples[name] ?? {}));
    setWrong("");
  };
  const samples = connector?.events.find((one) => one.topic === topic)?.samples ?? {};

  const send = async () => {
    if (forbidden) return;
    setReceipt("");
    setTrouble(null);
    const why = problemOf(data);
    setWrong(why ?? "");
    if (why !== null) return;
    setState("sending");
    try {
      setReceipt((await eventsApi.send(connection, topic, parseExact(data))).receipt);
      live.refresh();
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setState("idle");
  };

  return (
    <Dialog title={say("send.title")} close={close}>
      {connections?.length === 0 ? (
        <p>
          <Around say={say} text="send.no_connection" hole="command">
            <Command text="ieum connection add --help" />
          </Around>
        </p>
      ) : (
        <form
          onSubmit={(submit) => {
            submit.preventDefault();
            void send();
          }}
        >
          <p className="muted">{say("send.text")}</p>
          <div className="fields">
            <label>
              {say("send.connection")}
              <select value={connection} onChange={(change) => setConnection(change.target.value)}>
                {connections?.map((one) => (
                  <option key={one.name}>{one.name}</option>
                ))}
              </select>
            </label>
            <label htmlFor={topicField}>
              {say("send.topic")}
              {connector && connector.events.length > 0 ? (
                <select id={topicField} value={topic} onChange={(change) => take(change.target.value)}>
                  {connector.events.map((one) => (
                    <option key={one.topic} value={one.topic}>
                      {one.title[language] ? `${one.topic} · ${one.title[language]}` : one.topic}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  id={topicField}
                  value={topic}
                  required
                  maxLength={128}
                  onChange={(change) => setTopic(change.target.value)}
                />
              )}
            </label>
            {Object.keys(samples).length > 1 && (
              <label>
                {say("send.sample")}
                <select value={sample} onChange={(change) => take(topic, change.target.value)}>
                  {Object.keys(samples).map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
            )}
          </div>
          <label>
            {say("send.data")}
            <textarea
              value={data}
              rows={12}
              spellCheck={false}
              aria-invalid={wrong !== ""}
              onChange={(change) => setData(change.target.value)}
            />
          </label>
          {wrong !== "" && (
            <p className="problem" role="alert">
              {say("send.bad_json", { why: wrong })}
            </p>
          )}
          {trouble && <Trouble trouble={trouble} />}
          {receipt !== "" && (
            <p className="good" role="status">
              {say("send.sent", { receipt })}
            </p>
          )}
          <div className="buttons">
            <Button onClick={close}>{say("action.close")}</Button>
            <Button kind="strong" submit why={forbidden} disabled={state === "sending" || connection === ""}>
              {say(state === "sending" ? "send.sending" : "send.go")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
