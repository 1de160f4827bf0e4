import { describe, expect, it } from "vitest";
import { begin, frameOf, move, moveOfKey, sceneAt } from "../../src/pages/recipes/playback";
import type { Frame, Message } from "../../src/pages/recipes/trial";

const step = (name: string, at_ms: number, state = "done"): Frame => ({
  at_ms,
  step: name,
  state,
  operation: "",
  inputs: null,
  output: null,
  error: null,
});
const message = (name: string, at_ms: number): Message => ({
  at_ms,
  step: name,
  channel: "slack",
  to: "#a",
  title: "",
  text: name,
  html: "",
  buttons: [],
  label: "",
});
const frames = [step("remind", 10, "failed"), step("wait", 20), step("remind", 30), step("tell", 30)];
const messages = [message("remind", 30), message("tell", 30)];
const scene = (at: number) => sceneAt(frames, messages, at);

describe("playing", () => {
  it("goes frame by frame and stops at the last", () => {
    let state = move(begin(3), "play");
    const seen = [];
    while (state.playing) {
      state = move(state, "tick");
      seen.push(state.at);
    }
    expect(seen).toEqual([0, 1, 2]);
  });
  it("begins anew when played from the end, and does nothing without frames", () => {
    expect(move({ at: 2, frames: 3, playing: false }, "play")).toEqual({ at: -1, frames: 3, playing: true });
    expect(move(begin(0), "play").playing).toBe(false);
  });
  it("pauses when somebody steps, and stays within the film", () => {
    expect(move({ at: 1, frames: 3, playing: true }, "back")).toEqual({ at: 0, frames: 3, playing: false });
    expect(move(begin(3), "back").at).toBe(-1);
    expect(move(begin(3), { to: 99 }).at).toBe(2);
  });
  it("does not move a paused film by a tick that was under way", () => {
    const paused = { at: 1, frames: 3, playing: false };
    expect(move(paused, "tick")).toEqual(paused);
  });
  it("listens to its keys alone", () => {
    expect([" ", "ArrowRight", "Home", "x", "constructor"].map(moveOfKey)).toEqual([
      "toggle",
      "next",
      "first",
      null,
      null,
    ]);
  });
});

describe("a scene", () => {
  it("shows each step as it stands at that frame", () => {
    expect(scene(-1).now).toBeNull();
    expect(scene(0).states.get("remind")).toBe("failed");
    expect(scene(2).states.get("remind")).toBe("done");
    expect(scene(1).trail).toEqual(["remind", "wait"]);
  });
  it("shows a message with the attempt that carried it, not with one that failed before", () => {
    expect(messages.map((one) => frameOf(one, frames))).toEqual([2, 3]);
    expect(scene(1).messages).toEqual([]);
    expect(scene(2).messages.map((one) => one.text)).toEqual(["remind"]);
  });
  it("shows a message of a step that no frame has at the end", () => {
    expect(frameOf(message("gone", 5), frames)).toBe(3);
  });
});
