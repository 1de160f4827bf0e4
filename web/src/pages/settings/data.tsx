// Data: how long things are kept, and backups.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Backup, type HubSettings, hubApi } from "../../api/settings";
import { renew, useRead } from "../../data/query";
import { bytesText } from "../../text/format";
import { settings as text } from "../../text/settings";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";

const settingsKey = ["settings"];
const backupsKey = ["backups"];
export const gigabyte = 1_000_000_000;
export const isSize = (text: string): boolean => /^(0|[1-9][0-9]{0,4})$/.test(text);
export const isDays = (text: string): boolean => /^[1-9][0-9]{0,3}$/.test(text) && Number(text) <= 3650;

export function Data() {
  const { value, trouble, again } = useRead(settingsKey, hubApi.settings);
  return (
    <>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!value && !trouble && <Skeleton />}
      {value && <Retention now={value.retention} />}
      <Backups />
    </>
  );
}

function Retention({ now }: { now: HubSettings["retention"] }) {
  const say = useSay(text);
  const [runs, setRuns] = useState(String(now.runs_days));
  const [events, setEvents] = useState(String(now.events_days));
  const sizeNow = String(Math.ceil(now.max_bytes / gigabyte));
  const [size, setSize] = useState(sizeNow);
  const [state, setState] = useState<"idle" | "working" | "done">("idle");
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const right = isDays(runs) && isDays(events) && isSize(size);
  const smaller = size !== "0" && size !== sizeNow && (now.max_bytes === 0 || Number(size) < Number(sizeNow));
  const shorter = right && (Number(runs) < now.runs_days || Number(events) < now.events_days || smaller);
  const changed = Number(runs) !== now.runs_days || Number(events) !== now.events_days || size !== sizeNow;
  const save = async () => {
    setState("working");
    setTrouble(null);
    try {
      await hubApi.keep({
        runs_days: Number(runs),
        events_days: Number(events),
        max_bytes: size === sizeNow ? now.max_bytes : Number(size) * gigabyte,
      });
      setState("done");
      renew(settingsKey);
    } catch (cause) {
      setTrouble(troubleOf(cause));
      setState("idle");
    }
  };
  const days = (name: string, value: string, set: (text: string) => void) => (
    <Field name={name} wrong={isDays(value) ? null : say("data.bad_days")}>
      {(tied) => (
        <span className="with-unit">
          <input
            {...tied}
            inputMode="numeric"
            value={value}
            maxLength={4}
            onChange={(change) => {
              set(change.target.value.trim());
              setState("idle");
            }}
          />
          {say("data.days")}
        </span>
      )}
    </Field>
  );
  return (
    <Section title={say("data.retention")}>
      <p className="muted">{say("data.retention.text")}</p>
      <form
        className="narrow"
        onSubmit={(submit) => {
          submit.preventDefault();
          if (right && changed && state !== "working") void save();
        }}
      >
        {days(say("data.runs"), runs, setRuns)}
        {days(say("data.events"), events, setEvents)}
        <Field name={say("data.size")} help={say("data.size.help")} wrong={isSize(size) ? null : say("data.bad_size")}>
          {(tied) => (
            <span className="with-unit">
              <input
                {...tied}
                inputMode="numeric"
                value={size}
                maxLength={5}
                onChange={(change) => {
                  setSize(change.target.value.trim());
                  setState("idle");
                }}
              />
              GB
            </span>
          )}
        </Field>
        {shorter && (
          <p className="note grave" role="status">
            {say("data.shorter")}
          </p>
        )}
        {trouble && <Trouble trouble={trouble} />}
        {state === "done" && (
          <p className="good" role="status">
            {say("data.saved")}
          </p>
        )}
        <div className="buttons">
          <Button kind={shorter ? "danger" : "strong"} submit disabled={!right || !changed || state === "working"}>
            {say("data.save")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Backups() {
  const say = useSay(text);
  const { language } = useSurroundings();
  const { value, trouble, again } = useRead(backupsKey, hubApi.backups);
  const [state, setState] = useState<"idle" | "working">("idle");
  const [made, setMade] = useState<Backup | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const make = async () => {
    setState("working");
    setRefusal(null);
    try {
      setMade(await hubApi.backUp());
    } catch (cause) {
      setRefusal(troubleOf(cause));
    }
    setState("idle");
    renew(backupsKey);
  };
  return (
    <Section
      title={say("backup.title")}
      deeds={
        <Button disabled={state === "working"} onClick={() => void make()}>
          {say(state === "working" ? "backup.working" : "backup.go")}
        </Button>
      }
    >
      <p className="muted">{say("backup.text")}</p>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {refusal && <Trouble trouble={refusal} />}
      {made && (
        <p className="good" role="status">
          {say("backup.done", {
            file: made.file,
            size: bytesText(made.bytes ?? 0, language),
          })}
        </p>
      )}
      {value?.backups.length === 0 && !made && <p>{say("backup.none")}</p>}
      {value && value.backups.length > 0 && (
        <>
          <ul className="plain">
            {value.backups.map(({ name, bytes }) => (
              <li key={name}>
                <code>{name}</code> {bytes !== null && <small>{bytesText(bytes, language)}</small>}
              </li>
            ))}
          </ul>
          <p className="muted">{say("backup.where", { folder: value.folder })}</p>
        </>
      )}
    </Section>
  );
}
