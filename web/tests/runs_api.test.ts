// What a person decides about a run goes to the hub with the revision that they saw.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runsApi } from "../src/api/runs";
import { aRun } from "./samples";

const sent: { url: string; body: unknown }[] = [];
beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => {
    sent.push({ url, body: JSON.parse(body) });
    return { status: 200, text: async () => "{}" };
  });
});
afterEach(() => vi.unstubAllGlobals());

it("tells which state of the run was looked at", async () => {
  const run = aRun(12, { rev: 7 });
  for (const action of ["look_up", "retry", "skip", "fail", "move", "cancel"] as const) {
    await runsApi.act(run, action);
    expect(sent.at(-1)).toEqual({ url: `/api/v1/runs/12/${action}`, body: { rev: 7 } });
  }
  await runsApi.resume(run, { id: "m-1" });
  expect(sent.at(-1)).toEqual({ url: "/api/v1/runs/12/resume", body: { output: { id: "m-1" }, rev: 7 } });
});
