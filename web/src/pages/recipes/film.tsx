// A trial to watch: it goes through the graph step by step, by itself or by hand; beside it what each step did and the
// messages as their receivers see them.
import { type KeyboardEvent, useEffect, useMemo, useReducer } from "react";
import { pretty } from "../../api/json_text";
import type { RecipeDetail, Trial } from "../../api/recipes";
import { duration } from "../../text/format";
import { recipes as text } from "../../text/recipes";
import { reasonText } from "../../text/shared";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Code, Fold } from "../../ui/code";
import { Section } from "../../ui/page";
import { Cause } from "../cause";
import { TrialGraph } from "./graph_tab";
import { MessageView } from "./message_view";
import { begin, type Move, move, moveOfKey, type Scene, sceneAt } from "./playback";
import { StateBadge } from "./state_badge";
import { endId, type Frame, framesOf, messageOf, outcomeOf, triggerId } from "./trial";

const frameMs = 900;
export function Film({ recipe, trial }: { recipe: RecipeDetail; trial: Trial }) {
  const say = useSay(text);
  const frames = useMemo(() => framesOf(trial), [trial]);
  const messages = useMemo(() => trial.messages.map(messageOf), [trial]);
  const [state, act] = useReducer(move, frames.length, begin);
  const scene = useMemo(() => sceneAt(frames, messages, state.at), [frames, messages, state.at]);
  useEffect(() => {
    if (!state.playing) return;
    const handle = setInterval(() => act("tick"), frameMs);
    return () => clearInterval(handle);
  }, [state.playing]);

  // A slider walks by its own keys, a button is pressed by Space: the rest is the film's.
  const pressed = (press: KeyboardEvent) => {
    const target = press.target as HTMLElement;
    if (target.closest("textarea, select, pre, summary, [role=tablist]")) return;
    if (press.key === " " && target.closest("button")) return;
    if (press.key !== " " && target.matches("input")) return;
    const wish = moveOfKey(press.key);
    if (wish === null || press.ctrlKey || press.metaKey || press.altKey) return;
    press.preventDefault();
    act(wish);
  };
  if (frames.length === 0)
    return (
      <Section title={say("try.outcome")}>
        <p>
          <strong>{say("try.nothing")}</strong> {say("try.nothing.why")}
        </p>
        {[...trial.not_started.map((why) => reasonText(why, say)), ...trial.errors].map((why) => (
          <p key={why} className="said">
            {why}
          </p>
        ))}
      </Section>
    );
  return (
    <section className="film" aria-label={say("try.film")} onKeyDown={pressed}>
      <header>
        <h2>{say("try.film")}</h2>
        <p>
          {say("try.outcome")}: <StateBadge state={outcomeOf(trial)} />
        </p>
      </header>
      <Controls at={state.at} frames={state.frames} playing={state.playing} act={act} />
      <div className="film-parts">
        <TrialGraph recipe={recipe.name} trial={trial} scene={scene} />
        <Frames frames={frames} at={state.at} act={act} />
        <Messages scene={scene} all={messages.length} />
      </div>
    </section>
  );
}

interface ControlsProps {
  at: number;
  frames: number;
  playing: boolean;
  act: (wish: Move) => void;
}
function Controls({ at, frames, playing, act }: ControlsProps) {
  const say = useSay(text);
  const where = say("try.frame", { at: at + 1, all: frames });
  return (
    <div className="film-controls">
      <Button icon="left" only aria-label={say("try.back")} disabled={at < 0} onClick={() => act("back")} />
      <Button kind="strong" icon={playing ? "held" : "acting"} onClick={() => act("toggle")}>
        {say(playing ? "try.pause" : "try.play")}
      </Button>
      <Button icon="right" only aria-label={say("try.next")} disabled={at >= frames - 1} onClick={() => act("next")} />
      <input
        type="range"
        min={-1}
        max={frames - 1}
        value={at}
        aria-label={say("try.position")}
        aria-valuetext={where}
        onChange={(change) => act({ to: Number(change.target.value) })}
      />
      <span className="muted">{where}</span>
      <small className="for-keyboard">{say("try.keys")}</small>
    </div>
  );
}

function Frames({ frames, at, act }: { frames: readonly Frame[]; at: number; act: (wish: Move) => void }) {
  const say = useSay(text);
  const start = frames[0]?.at_ms ?? 0;
  const now = frames[at];
  return (
    <div className="frames-box">
      <ol className="frames">
        {frames.map((step, index) => (
          <li key={index} data-seen={index <= at || undefined}>
            <button type="button" aria-current={index === at ? "step" : undefined} onClick={() => act({ to: index })}>
              <span className="when">
                <After ms={step.at_ms - start} />
              </span>
              <span className="what">
                <strong>
                  <StepName id={step.step} />
                </strong>{" "}
                {step.operation}
              </span>
              <StateBadge state={step.state} />
            </button>
          </li>
        ))}
      </ol>
      <div aria-live="polite">{now ? <Detail step={now} /> : <p className="muted">{say("try.start")}</p>}</div>
    </div>
  );
}

function After({ ms }: { ms: number }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  return <>{ms <= 0 ? say("try.at_once") : say("try.after", { span: duration(ms, language) })}</>;
}

function StepName({ id }: { id: string }) {
  const say = useSay(text);
  return <>{id === triggerId ? say("try.trigger") : id === endId ? say("try.end") : id}</>;
}

function Detail({ step }: { step: Frame }) {
  const say = useSay(text);
  return (
    <div className="panel detail">
      <p>
        <strong>
          <StepName id={step.step} />
        </strong>{" "}
        {step.operation} <StateBadge state={step.state} />
      </p>
      {step.error && (
        <p className="problem">
          <Cause code={step.error.code} message={step.error.message} />
        </p>
      )}
      {step.inputs !== null && step.inputs !== undefined && (
        <Fold title={say("try.inputs")}>
          <Code title={say("try.inputs")} text={pretty(step.inputs)} />
        </Fold>
      )}
      {step.output !== null && step.output !== undefined && (
        <Fold title={say("try.output")}>
          <Code title={say("try.output")} text={pretty(step.output)} />
        </Fold>
      )}
    </div>
  );
}

function Messages({ scene, all }: { scene: Scene; all: number }) {
  const say = useSay(text);
  if (all === 0) return null;
  return (
    <section className="messages" aria-label={say("messages.title")}>
      <h3>{say("messages.title")}</h3>
      {scene.messages.length === 0 && <p className="muted">{say("messages.none")}</p>}
      {scene.messages.toReversed().map((message) => (
        <MessageView key={`${message.at_ms} ${message.step} ${message.to}`} message={message} />
      ))}
    </section>
  );
}
