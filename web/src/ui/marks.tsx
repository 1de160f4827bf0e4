// The marks of states: a colour, a shape and a word, so that none of the three is needed alone. And the few other icons.
import type { ReactNode } from "react";
import type { RunState, StepState } from "../api/runs";
import { useSurroundings } from "../text/surroundings";

const shapes = {
  acting: "M5.5 3.5v9l7-4.5z",
  waiting: "M8 4.5V8l2.5 1.5M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  in_doubt: "M8 1.2 14.8 8 8 14.8 1.2 8zM6.6 6.4a1.5 1.5 0 1 1 2 1.5c-.4.2-.6.5-.6.9M8 10.9v.1",
  failed: "m4 4 8 8m0-8-8 8",
  finished: "m3 8.5 3.3 3.3L13 4.8",
  exited: "M6.5 2.5h-4v11h4M6 8h8m-3-3 3 3-3 3",
  stopped: "M3.8 3.8h8.4v8.4H3.8z",
  cancelled: "M3.7 12.3 12.3 3.7M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  skipped: "m3 4 4.5 4L3 12m6-8 4.5 4L9 12",
  event: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
  close: "m4 4 8 8m0-8-8 8",
  allowed: "M8 1.5 13 3.6v4c0 3-2 5.5-5 6.9-3-1.4-5-3.9-5-6.9v-4zM5.7 8l1.7 1.7 3-3.2",
  refused: "M8 1.5 13 3.6v4c0 3-2 5.5-5 6.9-3-1.4-5-3.9-5-6.9v-4zM6 6l4 4m0-4-4 4",
  auto: "M8 2v12A6 6 0 0 0 8 2zM8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  light: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1m0 12v1M1 8h1m12 0h1M3 3l.8.8m8.4 8.4.8.8M3 13l.8-.8m8.4-8.4L13 3",
  dark: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  keyboard: "M1.5 4h13v8h-13zM4 6.5h.1m2.6 0h.1m2.6 0h.1m2.4 0h.1M5 9.5h6",
  leave: "M9.5 2.5h4v11h-4M10 8H2m3-3L2 8l3 3",
  send: "M14.5 1.5 7 9m7.5-7.5-4.5 13-3-5.5-5.5-3z",
  down: "m4 6 4 4 4-4",
  up: "m4 10 4-4 4 4",
  right: "m6 4 4 4-4 4",
  left: "m10 4-4 4 4 4",
  menu: "M2 4h12M2 8h12M2 12h12",
  more: "M3.5 8h.1m4.3 0h.1m4.3 0h.1",
  search: "M7 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6zM10.5 10.5 14 14",
  overview: "M2 2.5h5v5H2zm7 0h5v3H9zm0 5.5h5v5.5H9zm-7 2h5v3.5H2z",
  runs: "M2 3.5h1m3 0h8M2 8h1m3 0h8M2 12.5h1m3 0h8",
  problems: "M8 1.8 15 14H1zM8 6.2v3.6m0 2v.1",
  dead: "M2 4h12v9H2zm0 0 6 5 6-5M5.5 13 8 10.5",
  held: "M5 3v10M11 3v10",
  quarantined: "M8 1.5 13.5 4v4c0 3-2.4 5.4-5.5 6.5C4.9 13.4 2.5 11 2.5 8V4zM8 5v3.5m0 2v.1",
  recipes: "M3 2.5h4v3H3zm6 8h4v3H9zM5 5.5v3.5a3 3 0 0 0 3 3h1m-1-8h3.5v6.5",
  connections: "M6.5 9.5 9.5 6.5M7 4.5l1.7-1.7a3 3 0 0 1 4.4 4.4L11.5 9M9 11.5l-1.7 1.7a3 3 0 0 1-4.4-4.4L4.5 7",
  settings:
    "M2 4.5h6m4 0h2M2 11.5h2m4 0h6M10 3a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3zM6 10a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  person: "M8 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.5 14a5.5 5.5 0 0 1 11 0",
  replay: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3",
  save: "M4 2h8v12l-4-3-4 3z",
  plus: "M8 3v10M3 8h10",
  download: "M8 2v8m-3-3 3 3 3-3M2.5 13.5h11",
  graph: "M2 2.5h4v3H2zm8 4h4v3h-4zm-8 4h4v3H2zM6 4h2v8H6m2-4h2",
  info: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.2v3.6M8 5v.1",
  warning: "M8 1.8 15 14H1zM8 6.2v3.6m0 2v.1",
} as const;
export type Shape = keyof typeof shapes;

const filled: readonly Shape[] = ["acting", "stopped"];

export function Icon({ shape }: { shape: Shape }) {
  return (
    <svg className={filled.includes(shape) ? "icon filled" : "icon"} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[shape]} />
    </svg>
  );
}

// A word with a colour, for what is no run state: tone is one of the states' colours.
export function Badge({ tone, icon, children }: { tone?: RunState; icon?: Shape; children: ReactNode }) {
  return (
    <span className="mark" data-state={tone ?? "none"}>
      {icon && <Icon shape={icon} />}
      {children}
    </span>
  );
}

export function RunMark({ state }: { state: RunState }) {
  const { say } = useSurroundings();
  return (
    <span className="mark" data-state={state} title={say(`state.${state}.help`)}>
      <Icon shape={state} />
      {say(`state.${state}`)}
    </span>
  );
}

const stepShapes: Record<StepState, Shape> = {
  intent: "acting",
  done: "finished",
  failed: "failed",
  in_doubt: "in_doubt",
  cancelled: "cancelled",
  skipped: "skipped",
};
export const stepTones: Record<StepState, RunState> = {
  intent: "acting",
  done: "finished",
  failed: "failed",
  in_doubt: "in_doubt",
  cancelled: "cancelled",
  skipped: "exited",
};
export const stepShape = (state: StepState): Shape => stepShapes[state];

export function StepMark({ state }: { state: StepState }) {
  const { say } = useSurroundings();
  return (
    <span className="mark" data-state={stepTones[state]}>
      {say(`step.${state}`)}
    </span>
  );
}
