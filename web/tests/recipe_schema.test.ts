// The JSON Schema that `ieum recipe schema` writes, judged by a validator that is not ours: shipped recipes hold by it,
// recipes with one mistake each do not. scripts/test-web writes the schema with the built binary.
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const schemas = import.meta.glob<object>("../../build/recipe.schema.json", { eager: true, import: "default" });
const good = import.meta.glob<string>(["../../recipes/*.yaml", "../../tests/data/recipes/good_checked/*.yaml"], {
  eager: true,
  query: "?raw",
  import: "default",
});

const whole = `
recipe: whole
title: 모두
timezone: Asia/Seoul
about: {email: event.email}
trigger:
  event: checkout_started
  where: 'dec(event.total) >= 50000'
  absent: {event: order_created, within: 30m, debounce: true, match: {event.checkout_token: trigger.token}}
  max_late: 24h
entry: {mode: after_exit, key: event.token, cap: {max: 1, per: 7d}}
keep_while: 'trigger.total != null'
exit_on: [{event: order_created, where: 'event.token == trigger.token'}]
goal: {event: order_created, within: 7d, value: 'dec(event.total)'}
retry: {for: 6h, first: 10s, cap: 30m}
on_doubt: wait
on_error: [{stop: failed}]
steps:
  - id: push
    use: kakao.alimtalk.send
    class: info
    expires: 12h
    with: {to: "{{ trigger.phone }}", template: CART, variables: "{{ trigger }}"}
    on_error: [{wait: 1m}]
  - wait: 30m
  - wait: {days: 1, at: "10:00", timezone: customer, window: {from: "09:00", to: "24:00", days: [mon, fri]}}
  - wait: {until: 'trigger.date', offset: -1d}
  - wait_for: {event: order_created}
    timeout: 5h
    then: []
    on_timeout: [{stop: {reason: late}}]
  - wait_for: [{event: order_created, then: [{stop: }]}, {event: checkout_started}]
    timeout: {days: 1, at: "10:00"}
  - if: true
    then: []
    else: []
  - switch: [{if: 'trigger.a', then: []}, {else: []}]
  - for_each: 'trigger.items'
    as: thing
    max: 10
    on_item_error: stop
    do: [{set: {n: 1}}]
  - repeat: {max: 5, every: 48h, until: 'loop.index > 1'}
    do: []
  - split: experiment
    variants: [{id: a, weight: 45, do: []}, {id: control, weight: 10}]
tests: [{name: nothing}]
`;

let judge: ValidateFunction;
const holds = (text: string) => judge(parse(text));
const said = (text: string) => {
  expect(holds(text)).toBe(false);
  return JSON.stringify(judge.errors);
};
const withSteps = (steps: string) => `recipe: r\ntrigger: {event: order_created}\nsteps:\n${steps}`;

describe("the schema of recipes", () => {
  beforeAll(() => {
    const schema = Object.values(schemas)[0];
    expect(schema, "run scripts/test-web: it writes build/recipe.schema.json").toBeDefined();
    // Strict: an unknown keyword or a pattern that is none is our mistake.
    judge = new Ajv2020({
      strict: true,
      allErrors: true,
      allowUnionTypes: true,
      strictRequired: false,
      strictTypes: false,
    }).compile(schema as object);
  });

  it("takes every recipe that ships with the hub, and the good ones of the checker's tests", () => {
    expect(Object.keys(good).filter((file) => file.startsWith("../../recipes/")).length).toBeGreaterThan(2);
    for (const [file, text] of Object.entries(good))
      expect([file, holds(text), judge.errors]).toEqual([file, true, null]);
  });
  it("takes every construct of the grammar", () => {
    expect([holds(whole), judge.errors]).toEqual([true, null]);
    expect(holds("recipe: r\ntrigger: {schedule: {cron: '0 10 * * mon', missed: skip}}\nsteps: [{stop: }]")).toBe(true);
  });
  it("refuses keys and verbs that there are not", () => {
    expect(said("recipe: r\ntrigger: {event: order_created}\nsteps: []\ntopc: x")).toContain("topc");
    expect(said(withSteps("- wiat: 1m"))).toContain("wiat");
    expect(said(withSteps("- {wait: 1m, then: []}"))).toContain("then");
  });
  it("refuses what is missing", () => {
    expect(said("recipe: r\nsteps: []")).toContain("trigger");
    expect(said("recipe: r\ntrigger: {where: 'true'}\nsteps: []")).toContain("schedule");
    expect(said(withSteps("- wait_for: {event: order_created}"))).toContain("timeout");
    expect(said(withSteps("- use: slack.message.post\n  with: {text: x}"))).toContain("channel");
    expect(said(withSteps("- use: slack.message.post"))).toContain("with");
  });
  it("refuses values of another kind", () => {
    said(withSteps("- wait: soon"));
    said(withSteps("- wait: 30"));
    said(withSteps("- {repeat: {max: 100000}, do: []}"));
    said(withSteps("- {use: slack.message.post, class: loud, with: {channel: x}}"));
    said(withSteps("- {id: Upper Case, wait: 1m}"));
    said(withSteps("- {if: {a: b}, then: []}"));
  });
  it("knows operations, inputs and events of the connectors", () => {
    said(withSteps("- {use: slack.message.pots, with: {channel: x, text: y}}"));
    expect(said(withSteps("- {use: slack.message.post, with: {chanel: x, text: y}}"))).toContain("chanel");
    said("recipe: r\ntrigger: {event: order_craeted}\nsteps: []");
    expect(holds("recipe: r\ntrigger: {event: webhook/anything}\nsteps: [{stop: }]")).toBe(true);
  });
});
