// What a trial tells, made ready to be watched: frames in the order of the virtual clock, and messages as they look. Pure.
import type { Trial, TrialSent, TrialVisit } from "../../api/recipes";

export const triggerId = ":trigger";
export const endId = ":end";

// One visit of a step, or that it was passed.
export type Frame = TrialVisit;
export interface Message {
  at_ms: number;
  step: string;
  channel: string;
  to: string;
  title: string;
  text: string;
  html: string;
  buttons: { name: string; url?: string }[];
  label: string;
}

const passed = (step: string, at_ms: number): Frame => ({
  at_ms,
  step,
  operation: "",
  state: "done",
  inputs: null,
  output: null,
  error: null,
});

// Where branches meet again: the hub passes there, the recipe's text has no such step.
const isJoint = (step: string) => step.indexOf(":") > 0;

// Steps that acted left a visit; what decides or waits is known by the way alone.
export function framesOf(trial: Trial): Frame[] {
  if (trial.runs.length === 0) return [];
  const left = new Map<string, TrialVisit[]>();
  for (const visit of trial.steps) left.set(visit.step, [...(left.get(visit.step) ?? []), visit]);
  const frames: Frame[] = [];
  const arrive = (step: string, at_ms: number) => {
    if (step === frames.at(-1)?.step || isJoint(step)) return;
    frames.push(left.get(step)?.shift() ?? passed(step, at_ms));
  };
  for (const { at_ms, from, to } of trial.path) {
    arrive(from, at_ms);
    arrive(to, at_ms);
  }
  const rest = [...left.values()].flat();
  const ordered = [...frames, ...rest]
    .map((frame, index) => ({ frame, index }))
    .sort((a, b) => a.frame.at_ms - b.frame.at_ms || a.index - b.index)
    .map(({ frame }) => frame);
  const start = ordered[0]?.step === triggerId ? [] : [passed(triggerId, trial.started_ms)];
  return [...start, ...ordered];
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
const first = (inputs: Record<string, unknown>, names: readonly string[]): string =>
  names.map((name) => textOf(inputs[name])).find((text) => text !== "") ?? "";

// Connectors name the same things differently; a template's own words are the vendor's, so its values stand for it.
const texts = ["text", "markdown_text", "message", "content", "body", "textContent"];
const htmls = ["html", "htmlContent", "html_content"];
const titles = ["title", "subject"];

function buttonsOf(value: unknown): Message["buttons"] {
  if (!Array.isArray(value)) return [];
  return value.filter(isMap).flatMap((one) => {
    const name = first(one, ["name", "text", "title", "label"]);
    const url = first(one, ["url", "link", "linkMo", "url_mobile"]);
    return name === "" ? [] : [url === "" ? { name } : { name, url }];
  });
}

export function messageOf(sent: TrialSent): Message {
  const inputs = isMap(sent.inputs) ? sent.inputs : {};
  const html = first(inputs, htmls);
  const variables = isMap(inputs.variables) ? inputs.variables : {};
  const filled = Object.entries(variables).map(([name, value]) => `${name}: ${textOf(value)}`);
  return {
    at_ms: sent.at_ms,
    step: sent.step,
    channel: sent.channel,
    to: sent.to,
    title: sent.title || first(inputs, titles),
    text: sent.text || first(inputs, texts) || filled.join("\n"),
    html,
    buttons: buttonsOf(inputs.buttons),
    label: first(inputs, ["template", "template_code"]),
  };
}

// How it ended: that of the run that went on longest, the last one.
export const outcomeOf = (trial: Trial): string => trial.runs.at(-1)?.state ?? "";
