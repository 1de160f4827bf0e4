// A trial as a film: one frame for each thing that happened, in the order of the virtual clock. What is shown at a frame is
// made from the frames up to it, so going back is as good as going on.
import type { Frame, Message } from "./trial";

export interface Playback {
  at: number; // the frame that is shown; -1: nothing has happened yet
  frames: number;
  playing: boolean;
}
export type Move = "play" | "pause" | "toggle" | "next" | "back" | "first" | "last" | "tick" | { to: number };

export const begin = (frames: number): Playback => ({ at: -1, frames, playing: false });

// Playing from the end begins anew; stepping by hand pauses.
export function move(state: Playback, wish: Move): Playback {
  const last = state.frames - 1;
  const stand = (at: number): Playback => ({ ...state, at: Math.max(-1, Math.min(last, at)), playing: false });
  if (typeof wish === "object") return stand(wish.to);
  switch (wish) {
    case "play":
      return last < 0 ? state : { ...state, at: state.at >= last ? -1 : state.at, playing: true };
    case "pause":
      return { ...state, playing: false };
    case "toggle":
      return move(state, state.playing ? "pause" : "play");
    case "next":
      return stand(state.at + 1);
    case "back":
      return stand(state.at - 1);
    case "first":
      return stand(-1);
    case "last":
      return stand(last);
    case "tick": {
      if (!state.playing) return state;
      const at = Math.min(last, state.at + 1);
      return { ...state, at, playing: at < last };
    }
  }
}

export interface Scene {
  now: Frame | null;
  trail: string[];
  states: Map<string, string>; // step -> how it stands at this frame
  messages: Message[];
}

// A message is seen once its step has come to it: at the frame of its step that is not earlier, else the step's last one.
export function frameOf(message: Message, steps: readonly Frame[]): number {
  let last = steps.length - 1;
  for (const [index, step] of steps.entries()) {
    if (step.step !== message.step) continue;
    if (step.at_ms >= message.at_ms) return index;
    last = index;
  }
  return last;
}

export function sceneAt(frames: readonly Frame[], messages: readonly Message[], at: number): Scene {
  const seen = frames.slice(0, at + 1);
  return {
    now: seen.at(-1) ?? null,
    trail: seen.map((step) => step.step),
    states: new Map(seen.map((step) => [step.step, step.state])),
    messages: messages.filter((message) => frameOf(message, frames) <= at),
  };
}

// Space plays and pauses, the arrows step, Home and End go to the ends.
export function moveOfKey(key: string): Move | null {
  const moves: Record<string, Move> = {
    " ": "toggle",
    k: "toggle",
    ArrowRight: "next",
    ArrowDown: "next",
    ArrowLeft: "back",
    ArrowUp: "back",
    Home: "first",
    End: "last",
  };
  return Object.hasOwn(moves, key) ? (moves[key] ?? null) : null;
}
