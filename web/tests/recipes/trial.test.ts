import { describe, expect, it } from "vitest";
import type { Trial, TrialVisit } from "../../src/api/recipes";
import { framesOf, messageOf, outcomeOf } from "../../src/pages/recipes/trial";

const visit = (step: string, at_ms: number, state = "done"): TrialVisit => ({
  at_ms,
  step,
  operation: "slack.message.post",
  state,
  inputs: {},
  output: null,
  error: null,
});
const trial: Trial = {
  started_ms: 0,
  runs: [{ state: "finished", reason: "" }],
  not_started: [],
  errors: [],
  steps: [visit("post", 5), visit("post", 9), visit("thank", 9)],
  messages: [],
  path: [
    { at_ms: 5, from: "post", to: "post" },
    { at_ms: 5, from: "post", to: "large" },
    { at_ms: 9, from: "large", to: "thank" },
    { at_ms: 9, from: "thank", to: ":end" },
  ],
};

describe("the frames of a trial", () => {
  it("go the way that was taken, also through what only decides", () => {
    expect(framesOf(trial).map((frame) => [frame.step, frame.at_ms])).toEqual([
      [":trigger", 0],
      ["post", 5],
      ["large", 5],
      ["thank", 9],
      [":end", 9],
      ["post", 9],
    ]);
    expect(outcomeOf(trial)).toBe("finished");
  });
  it("leave out where branches meet again: no step of the recipe is there", () => {
    const path = [
      { at_ms: 5, from: "large", to: "post" },
      { at_ms: 5, from: "post", to: "large:end" },
      { at_ms: 5, from: "large:end", to: ":end" },
    ];
    const steps = [visit("post", 5)];
    expect(framesOf({ ...trial, path, steps }).map((frame) => frame.step)).toEqual([
      ":trigger",
      "large",
      "post",
      ":end",
    ]);
  });
  it("are none when no run began", () => {
    expect(framesOf({ ...trial, runs: [] })).toEqual([]);
    expect(outcomeOf({ ...trial, runs: [] })).toBe("");
  });
});

describe("a message of a trial", () => {
  const sent = { at_ms: 5, step: "s", channel: "slack", to: "#a", title: "", text: "", inputs: {} as unknown };
  it("is read from whatever its connector calls text, HTML and buttons", () => {
    const inputs = { subject: "제목", htmlContent: "<p>", buttons: [{ name: "보기", linkMo: "https://a.example" }, 3] };
    expect(messageOf({ ...sent, inputs })).toMatchObject({
      title: "제목",
      html: "<p>",
      buttons: [{ name: "보기", url: "https://a.example" }],
    });
    expect(messageOf({ ...sent, inputs: { text: "안녕" } }).text).toBe("안녕");
  });
  it("shows the values of a template whose words the vendor keeps", () => {
    const inputs = { template: "CART_REMIND", variables: { 고객명: "민지", 금액: 62000 } };
    expect(messageOf({ ...sent, inputs })).toMatchObject({ text: "고객명: 민지\n금액: 62000", label: "CART_REMIND" });
  });
  it("gets by without inputs", () => {
    expect(messageOf({ ...sent, inputs: null }).text).toBe("");
  });
});
