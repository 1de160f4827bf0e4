import { describe, expect, it } from "vitest";
import { ApiError } from "../src/api/call";
import type { Run, RunFilter, RunPage } from "../src/api/runs";
import type { Status } from "../src/api/status";
import { Live, type News, type Stream } from "../src/data/live";
import { everything, matches, RunList, withHead, withNews } from "../src/data/run_list";
import { aRun } from "./samples";

const ids = (page: RunPage | null) => page?.runs.map((run) => run.id);

describe("withNews", () => {
  const page: RunPage = { runs: [aRun(9), aRun(7), aRun(5)], next: 5 };
  it("replaces a run in its place and puts a new one where its id belongs", () => {
    const after = withNews(page, [aRun(7, { state: "finished" }), aRun(11), aRun(8)], everything);
    expect(ids(after)).toEqual([11, 9, 8, 7, 5]);
    expect(after.runs[3]?.state).toBe("finished");
    expect(after.next).toBe(5);
  });
  it("takes the newest word about a run", () => {
    const after = withNews(page, [aRun(9, { at_step: "a" }), aRun(9, { at_step: "b" })], everything);
    expect(after.runs[0]?.at_step).toBe("b");
  });
  it("lets go of a run that no longer matches the filter", () => {
    const filter: RunFilter = { ...everything, state: "acting" };
    expect(ids(withNews(page, [aRun(7, { state: "waiting" })], filter))).toEqual([9, 5]);
  });
  it("leaves a run older than the page for the next page, unless the page has the last of them", () => {
    expect(ids(withNews(page, [aRun(3)], everything))).toEqual([9, 7, 5]);
    expect(ids(withNews({ ...page, next: null }, [aRun(3)], everything))).toEqual([9, 7, 5, 3]);
  });
  it("keeps where the search text was found, and asks about a run that it cannot judge itself", () => {
    const filter: RunFilter = { ...everything, q: "주문" };
    const found: RunPage = { runs: [aRun(9, { found: "주문번호" })], next: null };
    const after = withNews(found, [aRun(9, { state: "finished" }), aRun(12)], filter);
    expect(after.runs).toEqual([aRun(9, { state: "finished", found: "주문번호" })]);
    expect(after.unsure).toBe(true);
    expect(withNews(found, [aRun(9)], filter).unsure).toBe(false);
  });
  it("keeps what the live feed does not tell", () => {
    const { replay_of: _, ...told } = aRun(9, { state: "failed" });
    const after = withNews({ runs: [aRun(9, { replay_of: 4 })], next: null }, [told], everything);
    expect(after.runs[0]).toMatchObject({ state: "failed", replay_of: 4 });
  });
});

describe("withHead", () => {
  const loaded: RunPage = { runs: [aRun(9), aRun(7), aRun(5), aRun(3)], next: 3 };
  it("keeps older rows that join on to the new head", () => {
    expect(withHead(loaded, { runs: [aRun(11), aRun(9), aRun(7)], next: 7 })).toMatchObject({ next: 3 });
    expect(ids(withHead(loaded, { runs: [aRun(11), aRun(9), aRun(7)], next: 7 }))).toEqual([11, 9, 7, 5, 3]);
  });
  it("lets them go where something may stand between, or nothing is older", () => {
    expect(ids(withHead(loaded, { runs: [aRun(30), aRun(20)], next: 20 }))).toEqual([30, 20]);
    expect(ids(withHead(loaded, { runs: [aRun(9)], next: null }))).toEqual([9]);
  });
});

it("matches by everything that is chosen", () => {
  const filter: RunFilter = { ...everything, state: "acting", recipe: "cart-rescue", customer: 17, event: 9 };
  expect(matches(aRun(1), filter)).toBe(true);
  expect(matches(aRun(1, { recipe: "other" }), filter)).toBe(false);
  expect(matches(aRun(1, { customer: null }), filter)).toBe(false);
  expect(matches(aRun(1, { event: 8 }), filter)).toBe(false);
  expect(matches(aRun(1), { ...everything, held: true })).toBe(false);
  expect(matches(aRun(1), { ...everything, from_ms: 1_001 })).toBe(false);
  expect(matches(aRun(1), { ...everything, q: "x" })).toBeNull();
  expect(matches(aRun(1), { ...everything, q: "x", customer: 2 })).toBe(false);
});

// A hub of the test's own: answers wait until the test gives them, time passes when the test says so.
class FakeHub {
  asked: { give: (page: RunPage) => void; refuse: (error: ApiError) => void; limit: number; before: number | null }[] =
    [];
  status: Status | ApiError = { clock: { kind: "real", now_ms: 500_000 } } as Status;
  streams: (Stream & { say: (kind: string, data: unknown) => void; readyState: number; closed: boolean })[] = [];
  private work: { at: number; run: () => void; id: number }[] = [];
  private handles = 0;
  now = 0;

  news: News[] = [];
  live = new Live({
    status: async () => {
      if (this.status instanceof ApiError) throw this.status;
      return this.status;
    },
    openStream: () => {
      const listeners = new Map<string, (event: MessageEvent<string>) => void>();
      const stream = {
        onopen: null,
        onerror: null,
        readyState: 0,
        closed: false,
        addEventListener: (kind: string, listener: (event: MessageEvent<string>) => void) => {
          listeners.set(kind, listener);
        },
        say: (kind: string, data: unknown) => listeners.get(kind)?.({ data: JSON.stringify(data) } as MessageEvent),
        close: () => {
          stream.closed = true;
        },
      };
      this.streams.push(stream);
      return stream;
    },
    later: (run, ms) => {
      this.work.push({ at: this.now + ms, run, id: ++this.handles });
      return this.handles;
    },
    never: (handle) => {
      this.work = this.work.filter((one) => one.id !== handle);
    },
    nowMs: () => this.now,
    hidden: () => false,
  });
  list = this.listOf(everything);

  listOf(filter: RunFilter): RunList {
    return new RunList(filter, {
      read: (_filter, limit, before) =>
        new Promise((give, refuse) => {
          this.asked.push({ give, refuse, limit, before });
        }),
      later: (run, ms) => {
        this.work.push({ at: this.now + ms, run, id: ++this.handles });
        return this.handles;
      },
      never: () => {},
    });
  }
  start() {
    this.live.start();
    this.live.listen((news) => this.news.push(news));
    this.live.listen((news) => this.list.hear(news));
    void this.list.read();
  }

  // Lets promises that are ready go on.
  async settle() {
    for (let round = 0; round < 10; round++) await Promise.resolve();
  }
  async pass(ms: number) {
    const until = this.now + ms;
    for (;;) {
      this.work.sort((a, b) => a.at - b.at || a.id - b.id);
      const next = this.work[0];
      if (!next || next.at > until) break;
      this.work.shift();
      this.now = next.at;
      next.run();
      await this.settle();
    }
    this.now = until;
    await this.settle();
  }
  async answer(...runs: Run[]) {
    for (const one of this.asked.splice(0)) one.give({ runs, next: null });
    await this.settle();
  }
  async open() {
    const stream = this.streams.at(-1);
    if (stream) stream.readyState = 1;
    stream?.onopen?.({});
    await this.settle();
  }
  async fail(readyState: number) {
    const stream = this.streams.at(-1);
    if (stream) stream.readyState = readyState;
    stream?.onerror?.({});
    await this.settle();
  }
  get shown() {
    return ids(this.list.get().page);
  }
  get link() {
    return this.live.get().link;
  }
}

describe("the live list", () => {
  it("reads the list, goes live and lays news over it", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.answer(aRun(1));
    expect(hub.link).toBe("connecting");
    await hub.open();
    await hub.answer(aRun(1));
    expect(hub.link).toBe("live");
    hub.streams[0]?.say("run", aRun(2));
    hub.streams[0]?.say("run", aRun(1, { state: "finished" }));
    expect(hub.shown).toEqual([1]);
    await hub.pass(200);
    expect(hub.shown).toEqual([2, 1]);
    expect(hub.list.get().page?.runs[1]?.state).toBe("finished");
  });
  it("lays news over a page that was being read when they came", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.open();
    hub.streams[0]?.say("run", aRun(7));
    await hub.pass(200);
    await hub.answer(aRun(1));
    expect(hub.shown).toEqual([7, 1]);
  });
  it("drops an answer that a newer question has overtaken", async () => {
    const hub = new FakeHub();
    hub.start();
    void hub.list.read();
    hub.asked[1]?.give({ runs: [aRun(2)], next: null });
    hub.asked[0]?.give({ runs: [aRun(1)], next: null });
    await hub.settle();
    expect(hub.shown).toEqual([2]);
  });
  it("asks a search again, once, when runs move that it cannot judge", async () => {
    const hub = new FakeHub();
    hub.list = hub.listOf({ ...everything, q: "x" });
    hub.start();
    await hub.open();
    await hub.answer(aRun(1));
    hub.asked = [];
    hub.streams[0]?.say("run", aRun(5));
    await hub.pass(200);
    hub.streams[0]?.say("run", aRun(6));
    await hub.pass(2_000);
    expect(hub.asked).toHaveLength(1);
    await hub.answer(aRun(6, { found: "x" }), aRun(1));
    expect(hub.shown).toEqual([6, 1]);
  });
  it("adds older runs below, each once", async () => {
    const hub = new FakeHub();
    hub.start();
    hub.asked.shift()?.give({ runs: [aRun(9), aRun(8)], next: 8 });
    await hub.settle();
    const older = hub.list.older();
    void hub.list.older();
    expect(hub.asked.map((one) => one.before)).toEqual([8]);
    hub.asked.shift()?.give({ runs: [aRun(8), aRun(7)], next: null });
    await older;
    expect(hub.shown).toEqual([9, 8, 7]);
  });
  it("keeps what it shows when a read fails, and says so", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.answer(aRun(1));
    void hub.list.read();
    hub.asked.shift()?.refuse(new ApiError(503, "too_busy", ""));
    await hub.settle();
    expect(hub.shown).toEqual([1]);
    expect(hub.list.get().error?.code).toBe("too_busy");
  });
});

describe("the live feed", () => {
  it("asks every few seconds while the stream does not open", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.pass(4_100);
    expect(hub.link).toBe("polling");
    expect(hub.news).toEqual(["head"]);
    await hub.pass(4_000);
    expect(hub.news).toEqual(["head", "head"]);
  });
  it("opens a closed stream again, after longer and longer pauses", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.open();
    await hub.fail(2);
    expect(hub.link).toBe("polling");
    expect(hub.streams[0]?.closed).toBe(true);
    await hub.pass(2_000);
    expect(hub.streams).toHaveLength(2);
    await hub.fail(2);
    await hub.pass(2_000);
    expect(hub.streams).toHaveLength(2);
    await hub.pass(2_000);
    expect(hub.streams).toHaveLength(3);
    await hub.open();
    expect(hub.link).toBe("live");
    expect(hub.news.at(-1)).toBe("all");
  });
  it("says that anything may have moved when news were left out", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.open();
    hub.news = [];
    hub.streams[0]?.say("missed", {});
    expect(hub.news).toEqual(["all"]);
  });
  it("tells a hub that is gone, whoever met it, and comes back by itself", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.open();
    await hub.answer(aRun(1));
    hub.live.report(new ApiError(0, "unreachable", "refused"));
    expect(hub.link).toBe("lost");
    expect(hub.shown).toEqual([1]);
    await hub.pass(4_100);
    expect(hub.link).toBe("live");
  });
  it("stops everything when the session is over", async () => {
    const hub = new FakeHub();
    hub.start();
    hub.status = new ApiError(401, "not_logged_in", "");
    await hub.fail(2);
    expect(hub.link).toBe("out");
    hub.news = [];
    await hub.pass(60_000);
    expect(hub.news).toHaveLength(0);
    expect(hub.streams).toHaveLength(1);
    hub.status = { clock: { kind: "real", now_ms: 1 } } as Status;
    hub.live.start();
    await hub.open();
    expect(hub.link).toBe("live");
  });
  it("goes by the hub's clock, and lets a virtual one stand still", async () => {
    const hub = new FakeHub();
    hub.start();
    await hub.settle();
    await hub.pass(1_000);
    expect(hub.live.nowMs()).toBe(501_000);
    hub.status = { clock: { kind: "virtual", now_ms: 42 } } as Status;
    hub.live.refresh();
    await hub.pass(1_000);
    expect(hub.live.nowMs()).toBe(42);
  });
});
