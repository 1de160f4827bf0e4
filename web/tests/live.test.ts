import { describe, expect, it } from "vitest";
import { everything } from "../src/address";
import { ApiError, type Run, type RunFilter, type RunPage, type Status } from "../src/api";
import { matches, RunFeed, type Stream, withNews } from "../src/live";
import { aRun } from "./samples";

const ids = (page: RunPage | null) => page?.runs.map((run) => run.id);

describe("withNews", () => {
  const page: RunPage = { runs: [aRun(9), aRun(7), aRun(5)], next: 5 };
  it("replaces a run in its place and puts a new one where its id belongs", () => {
    const after = withNews(page, [aRun(7, { state: "finished" }), aRun(11), aRun(8)], everything, 50);
    expect(ids(after)).toEqual([11, 9, 8, 7, 5]);
    expect(after.runs[3]?.state).toBe("finished");
    expect(after.next).toBe(5);
  });
  it("takes the newest word about a run", () => {
    const after = withNews(page, [aRun(9, { at_step: "a" }), aRun(9, { at_step: "b" })], everything, 50);
    expect(after.runs[0]?.at_step).toBe("b");
  });
  it("lets go of a run that no longer matches the filter", () => {
    const filter: RunFilter = { ...everything, state: "acting" };
    expect(ids(withNews(page, [aRun(7, { state: "waiting" })], filter, 50))).toEqual([9, 5]);
  });
  it("leaves a run older than the page for the next page, unless the page has the last of them", () => {
    expect(ids(withNews(page, [aRun(3)], everything, 50))).toEqual([9, 7, 5]);
    expect(ids(withNews({ ...page, next: null }, [aRun(3)], everything, 50))).toEqual([9, 7, 5, 3]);
  });
  it("cuts a list that grows too long, so that what was cut can be asked for", () => {
    const after = withNews({ ...page, next: null }, [aRun(10)], everything, 2);
    expect(ids(after)).toEqual([10, 9]);
    expect(after.next).toBe(9);
  });
});

it("matches by everything that is chosen", () => {
  const filter: RunFilter = { state: "acting", recipe: "cart-rescue", customer: 17, event: 9 };
  expect(matches(aRun(1), filter)).toBe(true);
  expect(matches(aRun(1, { recipe: "other" }), filter)).toBe(false);
  expect(matches(aRun(1, { customer: null }), filter)).toBe(false);
  expect(matches(aRun(1, { event: 8 }), filter)).toBe(false);
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

  feed = new RunFeed({
    api: {
      status: async () => {
        if (this.status instanceof ApiError) throw this.status;
        return this.status;
      },
      runs: (_filter, limit, before = null) =>
        new Promise((give, refuse) => {
          this.asked.push({ give, refuse, limit, before });
        }),
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
    return ids(this.feed.get().page);
  }
  get link() {
    return this.feed.get().link;
  }
}

describe("RunFeed", () => {
  it("reads the list, goes live and lays news over it", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.answer(aRun(1));
    expect(hub.link).toBe("connecting");
    await hub.open();
    expect(hub.link).toBe("live");
    await hub.answer(aRun(1));
    hub.streams[0]?.say("run", aRun(2));
    await hub.pass(200);
    expect(hub.shown).toEqual([2, 1]);
  });

  it("does not lose news that came while an older answer was on its way", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.open();
    hub.streams[0]?.say("run", aRun(1, { state: "finished" }));
    await hub.pass(200);
    await hub.answer(aRun(1, { state: "acting" }));
    expect(hub.feed.get().page?.runs[0]?.state).toBe("finished");
  });

  it("drops the answer to a question that was asked before the filter changed", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    const [old] = hub.asked.splice(0);
    hub.feed.show({ ...everything, state: "failed" });
    await hub.answer(aRun(3, { state: "failed" }));
    old?.give({ runs: [aRun(1)], next: null });
    await hub.settle();
    expect(hub.shown).toEqual([3]);
  });

  it("asks every few seconds while the stream does not open, and stops when it does", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.answer(aRun(1));
    await hub.pass(4_100);
    expect(hub.link).toBe("polling");
    await hub.answer(aRun(2));
    expect(hub.shown).toEqual([2]);
    await hub.open();
    await hub.answer(aRun(2));
    await hub.pass(9_000);
    expect(hub.asked).toHaveLength(0);
  });

  it("opens a closed stream anew, later each time, and catches up on opening", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.open();
    await hub.answer(aRun(1));
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
    hub.asked = [];
    await hub.open();
    expect(hub.link).toBe("live");
    expect(hub.asked).toHaveLength(1);
  });

  it("reads again when the hub says that news were left out", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.open();
    await hub.answer(aRun(1));
    hub.streams[0]?.say("missed", {});
    expect(hub.asked).toHaveLength(1);
  });

  it("tells a hub that is gone, and comes back by itself", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.open();
    await hub.answer(aRun(1));
    hub.status = new ApiError(0, "unreachable", "refused");
    await hub.fail(0);
    expect(hub.link).toBe("lost");
    expect(hub.shown).toEqual([1]);
    hub.status = { clock: { kind: "real", now_ms: 1 } } as Status;
    await hub.pass(4_100);
    await hub.answer(aRun(1));
    expect(hub.link).toBe("polling");
  });

  it("stops everything when the session is over", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.answer(aRun(1));
    hub.status = new ApiError(401, "not_logged_in", "");
    await hub.fail(2);
    expect(hub.link).toBe("out");
    hub.asked = [];
    await hub.pass(60_000);
    expect(hub.asked).toHaveLength(0);
    expect(hub.streams).toHaveLength(1);
  });

  it("adds older runs below, each once", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    hub.asked.shift()?.give({ runs: [aRun(9), aRun(8)], next: 8 });
    await hub.settle();
    const older = hub.feed.older();
    expect(hub.asked[0]?.before).toBe(8);
    hub.asked.shift()?.give({ runs: [aRun(8), aRun(7)], next: null });
    await older;
    expect(hub.shown).toEqual([9, 8, 7]);
  });

  it("goes by the hub's clock, and lets a virtual one stand still", async () => {
    const hub = new FakeHub();
    hub.feed.start(everything);
    await hub.settle();
    await hub.pass(1_000);
    expect(hub.feed.nowMs()).toBe(501_000);
    hub.status = { clock: { kind: "virtual", now_ms: 42 } } as Status;
    hub.feed.refresh();
    await hub.pass(1_000);
    expect(hub.feed.nowMs()).toBe(42);
  });
});
