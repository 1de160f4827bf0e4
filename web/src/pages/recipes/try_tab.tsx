// Trying a recipe: choose what starts it, play it in virtual time, watch it go through the graph.
import { useEffect, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { eventsApi } from "../../api/events";
import { parseExact, pretty } from "../../api/json_text";
import { type RecipeDetail, recipesApi, type Trial, type TrialWish } from "../../api/recipes";
import { useCan } from "../../data/hub";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { moment } from "../../text/format";
import { recipes as text } from "../../text/recipes";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Trouble } from "../../ui/trouble";
import { useConnections, useConnector, useConnectors } from "../connections/parts";
import { problemOf } from "../run/substitute";
import type { Draft } from "./drafts";
import { Film } from "./film";
import { sourceKey, sourcesOf } from "./try_sources";

const spans = [60, 7, 1, 365] as const;

export function TryTab({ recipe, draft }: { recipe: RecipeDetail; draft: Draft | null }) {
  const say = useSay(text);
  const mayEdit = useCan("edit");
  const [how, setHow] = useState<"sample" | "past">("sample");
  const [wish, setWish] = useState<TrialWish | null>(null);
  const [days, setDays] = useState<number>(spans[0]);
  const [state, setState] = useState<"idle" | "working">("idle");
  const [trial, setTrial] = useState<Trial | null>(null);
  const [count, setCount] = useState(0); // each trial is a film of its own
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const changed = draft !== null && draft.source !== recipe.source;
  const needsEvent = recipe.trigger !== "" && recipe.trigger !== "schedule";

  const go = async () => {
    setState("working");
    setTrouble(null);
    try {
      const written = changed && draft ? { source: draft.source, format: draft.format } : {};
      setTrial(await recipesApi.try(recipe.name, { ...(needsEvent ? wish : {}), ...written, days }));
      setCount((before) => before + 1);
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setState("idle");
  };
  if (!mayEdit) return <p className="muted">{say("text.read_only")}</p>;
  return (
    <>
      <form
        className="panel try-form"
        onSubmit={(submit) => {
          submit.preventDefault();
          if (state === "idle" && (wish || !needsEvent)) void go();
        }}
      >
        <p className="muted">{say("try.about")}</p>
        {changed && <p className="note">{say("try.draft")}</p>}
        {needsEvent && (
          <>
            <fieldset className="options inline">
              <legend>{say("try.from")}</legend>
              {(["sample", "past"] as const).map((one) => (
                <label key={one}>
                  <input
                    type="radio"
                    name="how"
                    checked={how === one}
                    onChange={() => {
                      setWish(null);
                      setHow(one);
                    }}
                  />
                  <span>{say(`try.${one}`)}</span>
                </label>
              ))}
            </fieldset>
            {how === "sample" ? (
              <SampleChoice recipe={recipe} set={setWish} />
            ) : (
              <PastChoice recipe={recipe} set={setWish} />
            )}
          </>
        )}
        <Field name={say("try.days")}>
          {(tied) => (
            <select {...tied} value={days} onChange={(change) => setDays(Number(change.target.value))}>
              {spans.map((one) => (
                <option key={one} value={one}>
                  {say("try.days.n", { count: one })}
                </option>
              ))}
            </select>
          )}
        </Field>
        {trouble && <Trouble trouble={trouble} />}
        <div className="buttons">
          <Button kind="strong" submit icon="acting" disabled={state === "working" || (needsEvent && !wish)}>
            {say(state === "working" ? "try.working" : trial ? "try.again" : "try.go")}
          </Button>
        </div>
      </form>
      {trial && <Film key={count} recipe={recipe} trial={trial} />}
    </>
  );
}

interface ChoiceProps {
  recipe: RecipeDetail;
  set: (wish: TrialWish | null) => void;
}

function useSources(trigger: string) {
  const connectors = useConnectors().value;
  const connections = useConnections().value;
  const ready = connectors !== undefined && connections !== undefined;
  return { ready, sources: ready ? sourcesOf(trigger, connectors, connections) : [] };
}

function SampleChoice({ recipe, set }: ChoiceProps) {
  const say = useSay(text);
  const { ready, sources } = useSources(recipe.trigger);
  const [chosen, setChosen] = useState("");
  const source = sources.find((one) => sourceKey(one) === chosen) ?? sources[0];
  const connector = useConnector(source?.connector ?? null).value;
  const samples = connector?.events.find((event) => event.topic === source?.topic)?.samples ?? {};
  const names = Object.keys(samples);
  const [sample, setSample] = useState("");
  const named = names.includes(sample) ? sample : (names[0] ?? "");
  const [typed, setTyped] = useState<string | null>(null);
  const data = typed ?? pretty(samples[named] ?? {});
  const why = problemOf(data);
  const { connection, topic } = source ?? {};
  useEffect(() => {
    const right = connection !== undefined && topic !== undefined && problemOf(data) === null;
    set(right ? { connection, topic, data: parseExact(data) } : null);
  }, [connection, topic, data, set]);
  if (ready && sources.length === 0)
    return (
      <p className="note">
        {say("try.no_connection")} <Link href="/connections/+add">{say("empty.one")}</Link>
      </p>
    );
  return (
    <>
      <div className="fields">
        <Field name={say("try.connection")}>
          {(tied) => (
            <select
              {...tied}
              value={source ? sourceKey(source) : ""}
              onChange={(change) => {
                setChosen(change.target.value);
                setTyped(null);
              }}
            >
              {sources.map((one) => (
                <option key={sourceKey(one)} value={sourceKey(one)}>
                  {one.connection} · {one.topic}
                </option>
              ))}
            </select>
          )}
        </Field>
        {names.length > 1 && (
          <Field name={say("try.sample")}>
            {(tied) => (
              <select
                {...tied}
                value={named}
                onChange={(change) => {
                  setSample(change.target.value);
                  setTyped(null);
                }}
              >
                {names.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <Field name={say("try.data")} wrong={why === null ? null : say("try.bad_json", { why })}>
        {(tied) => (
          <textarea
            {...tied}
            rows={8}
            spellCheck={false}
            value={data}
            onChange={(change) => setTyped(change.target.value)}
          />
        )}
      </Field>
    </>
  );
}

function PastChoice({ recipe, set }: ChoiceProps) {
  const say = useSay(text);
  const { language, nowMs } = useSurroundings();
  const { sources } = useSources(recipe.trigger);
  const names = [...new Set(sources.map((one) => one.connection))];
  const { value, trouble } = useRead(
    ["events", "of", ...names],
    async () => {
      const pages = await Promise.all(names.map((connection) => eventsApi.list({ connection }, 100)));
      return pages.flatMap((page) => page.events).sort((a, b) => b.id - a.id);
    },
    { when: names.length > 0 },
  );
  const fits = (value ?? []).filter((event) =>
    sources.some((one) => one.connection === event.connection && one.topic === event.topic),
  );
  const [chosen, setChosen] = useState(0);
  if (trouble) return <Trouble trouble={trouble} />;
  if (value && fits.length === 0) return <p className="muted">{say("try.no_events")}</p>;
  return (
    <Field name={say("try.event")}>
      {(tied) => (
        <select
          {...tied}
          value={chosen}
          onChange={(change) => {
            const id = Number(change.target.value);
            setChosen(id);
            set(id ? { event: id } : null);
          }}
        >
          <option value={0}>–</option>
          {fits.map((event) => (
            <option key={event.id} value={event.id}>
              {event.id} · {event.topic} · {moment(event.received_ms, nowMs(), language)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
