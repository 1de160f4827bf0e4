import { describe, expect, it } from "vitest";
import { runActions, runStates } from "../src/api/runs";
import { causes, sameCause } from "../src/text/causes";
import { errors } from "../src/text/errors";
import { causeText, reasonText, shared, troubleText } from "../src/text/shared";
import { type Area, fill, known, sayIn } from "../src/text/words";

const files = import.meta.glob<Record<string, unknown>>("../src/text/*.ts", { eager: true });
const isArea = (value: unknown): value is Area =>
  typeof value === "object" && value !== null && Object.values(value).every((pair) => Array.isArray(pair));
const areas = Object.entries(files).flatMap(([file, exported]) =>
  Object.entries(exported)
    .filter(([name, value]) => name !== "shared" && isArea(value))
    .map(([name, value]) => ({ name: `${file} ${name}`, area: value as Area })),
);
const all = areas.flatMap(({ name, area }) =>
  Object.entries(area).map(([key, pair]) => ({ at: `${name} ${key}`, key, pair })),
);
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
const sayKo = sayIn(shared, "ko");
const sayEn = sayIn(shared, "en");

describe("every text", () => {
  it("is found by this test", () => {
    expect(areas.length).toBeGreaterThan(6);
    expect(all.length).toBeGreaterThan(250);
  });
  it("stands in both languages, with the same holes", () => {
    for (const { at, pair } of all) {
      expect(pair, at).toHaveLength(2);
      expect(pair[0].trim(), at).not.toBe("");
      expect(pair[1].trim(), at).not.toBe("");
      expect(holes(pair[1]), at).toEqual(holes(pair[0]));
    }
  });
  it("is Korean where the English is a sentence, and holds no Korean in English", () => {
    for (const { at, key, pair } of all) {
      if (key.startsWith("language.")) continue;
      if (/[a-z]{2} [a-z]{2}/i.test(pair[0])) expect(pair[1], at).toMatch(/[가-힣]/);
      expect(pair[0].replace(/\([^)]*\)/g, ""), at).not.toMatch(/[가-힣]/); // "(광고)" is what it is about
    }
  });
  it("of one area does not hide one that all share", () => {
    for (const { name, area } of areas) {
      if (/common|errors|causes/.test(name)) continue;
      for (const key of Object.keys(area)) expect(known(shared, key), `${name} ${key}`).toBeNull();
    }
  });
  it("of an error has its mend", () => {
    for (const key of Object.keys(errors).filter((name) => /^error\.\w+$/.test(name))) {
      expect(known(errors, `${key}.mend`), key).not.toBeNull();
    }
  });
  it("is there for every state of a run, with what it means", () => {
    for (const state of runStates) {
      expect(known(shared, `state.${state}`)).not.toBeNull();
      expect(known(shared, `state.${state}.help`)).not.toBeNull();
    }
    expect(runActions.length).toBeGreaterThan(0);
  });
});

describe("each text", () => {
  const sources = import.meta.glob<string>("../src/**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });
  const areaFile = /src\/text\/(?!shared|surroundings|words|format)/;
  const code = Object.entries(sources)
    .filter(([file]) => !areaFile.test(file))
    .map(([, source]) => source)
    .join("\n");
  const said = new Set([...code.matchAll(/"([\w.]+)"/g)].map((hit) => hit[1]));
  // `state.${state}.help` says every key of that shape.
  const shapes = [...code.matchAll(/`((?:[\w.]|\$\{[^}`]*\})+)`/g)]
    .map((hit) => hit[1] ?? "")
    .filter((shape) => shape.includes("${") && /[a-z]{2}/.test(shape.replace(/\$\{[^}]*\}/g, "")))
    .map((shape) => new RegExp(`^${shape.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "[\\w.]+")}$`));
  it("is said somewhere; those of requests are asked for by what the hub tells", () => {
    const own = all.filter(({ key }) => !/^[A-Z]+ \//.test(key));
    const silent = own.filter(({ key }) => !said.has(key) && !shapes.some((shape) => shape.test(key)));
    expect(silent.map(({ at }) => at)).toEqual([]);
  });
});

it("fills holes and shows those that nobody filled", () => {
  expect(fill("실행 {id}: {name}", { id: 7 })).toBe("실행 7: {name}");
  expect(fill("{constructor}", {})).toBe("{constructor}");
});
it("does not take the members of every object for words", () => {
  expect(known(shared, "constructor")).toBeNull();
});

describe("reasons", () => {
  it("become words, with the event that ended the run", () => {
    expect(reasonText("no_address", sayKo)).toBe("보낼 주소가 없음");
    expect(reasonText("exit_on:order_created", sayKo)).toContain("order_created");
  });
  it("say whose hold a run waits for, in whole sentences", () => {
    expect(reasonText("held: connection kakao: maintenance", sayKo)).toBe("연결 kakao의 보류가 풀리기를 기다림");
    expect(reasonText("held: recipe cart-rescue", sayEn)).toContain("recipe cart-rescue");
    expect(reasonText("host: https://api.example:8443 down", sayEn)).toContain(
      "https://api.example:8443 does not answer",
    );
    expect(reasonText("host: https://api.example repeats", sayKo)).toContain("https://api.example 서버가 자주 실패함");
  });
  it("say who it was", () => {
    expect(reasonText("cancelled by 민지", sayKo)).toBe("운영자가 취소함: 민지");
    expect(reasonText("retried", sayEn)).toBe("sent again by an operator");
    expect(reasonText("discarded by Sora Park", sayEn)).toBe("given up by an operator: Sora Park");
  });
  it("keep the details behind a known code, and whole what is not known", () => {
    expect(reasonText("expression_failed: line 7, `if`: no such key", sayEn)).toBe(
      "An expression of the recipe failed: line 7, `if`: no such key",
    );
    expect(reasonText("not_a_customer: 4001: 수신 거부", sayKo)).toBe("not_a_customer: 4001: 수신 거부");
  });
});

describe("causes", () => {
  it("have a title by their code, an answer of the vendor at least by its hundreds", () => {
    expect(causeText("http_401", sayEn)).toBe(causes["cause.http_401"][0]);
    expect(causeText("http_503", sayKo)).toBe(causes["cause.http_5xx"][1]);
    expect(causeText("http_418", sayEn)).toBe(causes["cause.http_4xx"][0]);
    expect(causeText("vendor_refused", sayEn)).toBe(causes["cause.http_4xx"][0]);
  });
  it("have one that is never wrong where the code is a vendor's own", () => {
    for (const code of ["channel_not_found", "4001", "", "constructor", "http_20000"])
      expect(causeText(code, sayKo), code).toBe(causes["cause.other"][1]);
  });
  it("are told of a run as well, with what the vendor said", () => {
    expect(reasonText("http_422: HTTP answers 422: 창고에 없는 상품입니다", sayKo)).toBe(
      "앱이 이 값을 받지 않음: HTTP answers 422: 창고에 없는 상품입니다",
    );
  });
  it("that say the same point to words that are there, and hide none", () => {
    for (const [code, same] of Object.entries(sameCause)) {
      expect(known(causes, `cause.${same}`), code).not.toBeNull();
      expect(known(causes, `cause.${code}`), code).toBeNull();
    }
  });
});

describe("trouble", () => {
  it("is told in the reader's language where the code is known", () => {
    expect(troubleText({ status: 503, code: "too_busy", message: "too many", mend: "later" }, sayKo)).toEqual({
      what: errors["error.too_busy"][1],
      mend: errors["error.too_busy.mend"][1],
    });
  });
  it("else in the hub's words, and always with something to do", () => {
    const trouble = { status: 409, code: "new_code", message: "odd thing", mend: "turn it off" };
    expect(troubleText(trouble, sayEn)).toEqual({ what: "The hub says: odd thing", mend: "turn it off" });
    expect(troubleText({ ...trouble, mend: "" }, sayEn).mend).toBe(errors["error.generic.mend"][0]);
  });
});
