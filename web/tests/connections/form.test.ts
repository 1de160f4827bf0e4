import { describe, expect, it } from "vitest";
import type { Connection, Question } from "../../src/api/connections";
import {
  asValue,
  bodyOf,
  bodyOfOne,
  choicesOf,
  type Filling,
  freeName,
  goesElsewhere,
  isName,
  merged,
  missing,
  shown,
} from "../../src/pages/connections/form";

const words = { ko: "", en: "" };
const field = (name: string, more: Partial<Question> = {}): Question => ({
  name,
  type: "string",
  required: false,
  secret: false,
  title: words,
  help: words,
  need: "may",
  ...more,
});
const filling = (entered: Record<string, string> = {}, before: Partial<Connection> | null = null): Filling => ({
  connector: "kakao",
  entered,
  before: before as Connection | null,
});

const dealer = field("dealer", { need: "choice", choices: ["solapi", "nhn"], default: "solapi" });
const solapiKey = field("api_key", { need: "must", when: { dealer: ["solapi"] } });
const nhnKey = field("appkey", { need: "must", when: { dealer: ["nhn"] } });
const secret = field("api_secret", { need: "must", secret: true });
const server = field("base_url", { need: "more", default: "https://api.example" });

describe("the choices of a form", () => {
  it("count as made with their default", () => {
    expect(choicesOf([dealer, solapiKey], filling())).toEqual({ dealer: "solapi" });
    expect(choicesOf([dealer, solapiKey], filling({ dealer: "nhn" }))).toEqual({ dealer: "nhn" });
  });
  it("stay where they were when the hub, told of them, leaves them out", () => {
    const after = merged([dealer, solapiKey], { fields: [nhnKey, server], login: false }, filling({ dealer: "nhn" }));
    expect(after.map((one) => one.name)).toEqual(["dealer", "appkey", "base_url"]);
  });
  it("go when a choice above them no longer has them", () => {
    const region = field("region", { need: "choice", when: { dealer: ["solapi"] } });
    const after = merged([dealer, region], { fields: [nhnKey], login: false }, filling({ dealer: "nhn" }));
    expect(after.map((one) => one.name)).toEqual(["dealer", "appkey"]);
  });
});

describe("what goes to the hub", () => {
  it("has typed values, in the type of the field, and choices; no default that nobody touched", () => {
    const fields = [dealer, field("forms", { type: "list" }), field("backfill", { type: "boolean" }), secret, server];
    expect(bodyOf(fields, filling({ forms: "F1\n F2 ,F3\n", backfill: "true", api_secret: " s3cret \n" }))).toEqual({
      config: { dealer: "solapi", forms: ["F1", "F2", "F3"], backfill: true },
      secrets: { api_secret: "s3cret" },
    });
  });
  it("keeps of a changed connection what no field shows, and drops what was emptied", () => {
    const before = { config: { dealer: "solapi", pf_id: "P", team: "T" }, secrets: [] };
    const fields = [dealer, field("pf_id"), server];
    expect(bodyOf(fields, filling({ pf_id: "" }, before)).config).toEqual({ dealer: "solapi", team: "T" });
  });
  it("asks of one field with the choices alone, so that the answer is about that field", () => {
    const fields = [dealer, solapiKey, secret];
    const entered = filling({ api_key: "bad", api_secret: "also bad" });
    expect(bodyOfOne(secret, fields, entered)).toEqual({
      config: { dealer: "solapi" },
      secrets: { api_secret: "also bad" },
    });
    expect(bodyOfOne(solapiKey, fields, entered)).toEqual({
      config: { dealer: "solapi", api_key: "bad" },
      secrets: {},
    });
  });
  it("never fills a secret with what is there", () => {
    const before = { config: { api_secret: "leaked" }, secrets: [] };
    expect(shown(secret, filling({}, before))).toBe("");
  });
});

describe("what is missing", () => {
  it("is what must be there and is empty", () => {
    expect(missing([dealer, solapiKey, secret, server], filling({ api_key: " " }))).toEqual(["api_key", "api_secret"]);
  });
  it("is no secret that the connection has already", () => {
    const before = { config: {}, secrets: [{ slot: "api_secret", versions: 1, made_by_hub: false }] };
    expect(missing([secret], filling({}, before))).toEqual([]);
  });
});

it("gives nothing for an empty field, whatever its type", () => {
  for (const type of ["string", "list", "boolean", "integer"])
    expect(asValue(field("x", { type }), "  ")).toBeUndefined();
});

it("proposes a name that is free", () => {
  expect(freeName("slack", [])).toBe("slack");
  expect(freeName("slack", ["slack", "slack-2"])).toBe("slack-3");
  expect([isName("shop-2"), isName("2shop"), isName("상점"), isName("")]).toEqual([true, false, false, false]);
});

it("knows when credentials would go elsewhere", () => {
  const before = { config: { base_url: "https://a.example" } } as unknown as Connection;
  expect(goesElsewhere(before, { base_url: "https://a.example" })).toBe(false);
  expect(goesElsewhere(before, { base_url: "https://b.example" })).toBe(true);
  expect(goesElsewhere(null, { base_url: "https://b.example" })).toBe(false);
});
