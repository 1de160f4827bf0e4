// The live list: a page of runs, kept true by server-sent events, or by asking again while no stream is open.
//
// RunFeed owns the list, the hub's status and the stream; React reads its snapshot. Every snapshot is a new object.
// Whatever arrives while a page is being read is laid over that page, so that an older answer never hides newer news.

import { everything } from "./address";
import { type Api, ApiError, type Run, type RunFilter, type RunPage, type Status } from "./api";

export const pageSize = 50;
const reloadMax = 200; // the API's largest page
const keptMin = 200; // rows kept while news push older ones down
const patience = { poll: 4_000, status: 10_000, afterNews: 700, streamFirst: 2_000, streamMost: 30_000, merge: 120 };

export function matches(run: Run, filter: RunFilter): boolean {
  return (
    (filter.state === null || run.state === filter.state) &&
    (filter.recipe === null || run.recipe === filter.recipe) &&
    (filter.customer === null || run.customer === filter.customer) &&
    (filter.event === null || run.event === filter.event)
  );
}

// News laid over a page, newest run first. A run that no longer matches leaves; one older than the page stays out of it.
// More than `keep` rows are cut, and `next` leads to what was cut.
export function withNews(page: RunPage, news: readonly Run[], filter: RunFilter, keep: number): RunPage {
  const byId = new Map(page.runs.map((run) => [run.id, run]));
  const oldest = page.next === null ? 0 : (page.runs.at(-1)?.id ?? 0);
  for (const run of news) {
    if (!matches(run, filter)) byId.delete(run.id);
    else if (byId.has(run.id) || run.id > oldest) byId.set(run.id, run);
  }
  const runs = [...byId.values()].sort((a, b) => b.id - a.id);
  if (runs.length <= keep) return { runs, next: page.next };
  const kept = runs.slice(0, keep);
  return { runs: kept, next: kept.at(-1)?.id ?? null };
}

// connecting: nothing known yet. live: news stream in. polling: the hub answers, the stream does not. lost: the hub does
// not answer. out: the session is over.
export type Link = "connecting" | "live" | "polling" | "lost" | "out";

export interface Snapshot {
  link: Link;
  status: Status | null;
  page: RunPage | null; // null: not read yet
  error: ApiError | null; // of the last read of the list
  readingOlder: boolean;
}

export interface Stream {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of EventSource, which types what we do not look at
  onopen: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  onerror: ((event: any) => void) | null;
  readonly readyState: number;
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}
export interface FeedParts {
  api: Pick<Api, "status" | "runs">;
  openStream: () => Stream;
  later: (work: () => void, ms: number) => number;
  never: (handle: number) => void;
  nowMs: () => number;
  hidden: () => boolean;
}

export class RunFeed {
  private snapshot: Snapshot = { link: "connecting", status: null, page: null, error: null, readingOlder: false };
  private filter: RunFilter = everything;
  private readonly watchers = new Set<() => void>();
  private readonly listeners = new Set<(run: Run | null) => void>();
  private readonly timers = new Map<string, number>();
  private stream: Stream | null = null;
  private streaming = false;
  private streamLate = false; // it failed, or did not open in time
  private unanswered = false;
  private streamPause = patience.streamFirst;
  private clockAhead = 0; // the hub's clock less the browser's
  private reading = 0; // moves with each read of the list: an answer to an older one is dropped
  private during: Run[] | null = null; // news since the read under way began
  private fresh: Run[] = [];
  private running = false;

  constructor(private readonly parts: FeedParts) {}

  readonly get = (): Snapshot => this.snapshot;
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  // Each run that moved; null when any may have.
  readonly listen = (listener: (run: Run | null) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  // The hub's clock, which may be a virtual one that stands still.
  readonly nowMs = (): number => {
    const clock = this.snapshot.status?.clock;
    return clock?.kind === "virtual" ? clock.now_ms : this.parts.nowMs() + this.clockAhead;
  };

  start(filter: RunFilter): void {
    this.running = true;
    this.filter = filter;
    this.streaming = this.streamLate = this.unanswered = false;
    this.put({ link: "connecting", error: null });
    this.openStream();
    void this.read();
    void this.readStatus();
    this.plan("status", patience.status, this.beat);
  }

  stop(): void {
    this.running = false;
    this.closeStream();
    for (const handle of this.timers.values()) this.parts.never(handle);
    this.timers.clear();
    this.reading += 1;
    this.during = null;
    this.fresh = [];
  }

  show(filter: RunFilter): void {
    this.filter = filter;
    if (!this.running) return;
    this.put({ page: null, error: null, readingOlder: false });
    void this.read();
  }

  // Everything anew: the tab came back, a stream opened, an action was done, somebody asked.
  readonly refresh = (): void => {
    if (!this.running) return;
    void this.read();
    void this.readStatus();
    for (const listener of this.listeners) listener(null);
  };

  async older(): Promise<void> {
    const page = this.snapshot.page;
    if (!page || page.next === null || this.snapshot.readingOlder) return;
    const { filter, reading } = this;
    this.put({ readingOlder: true });
    try {
      const more = await this.parts.api.runs(filter, pageSize, page.next);
      const now = this.snapshot.page;
      if (reading !== this.reading || !now) return;
      const known = new Set(now.runs.map((run) => run.id));
      this.put({ page: { runs: [...now.runs, ...more.runs.filter((run) => !known.has(run.id))], next: more.next } });
    } catch (cause) {
      this.failed(cause);
    } finally {
      this.put({ readingOlder: false });
    }
  }

  private async read(): Promise<void> {
    const reading = ++this.reading;
    this.during = [];
    const limit = Math.min(reloadMax, Math.max(pageSize, this.snapshot.page?.runs.length ?? 0));
    try {
      const page = await this.parts.api.runs(this.filter, limit);
      if (reading !== this.reading) return;
      this.put({ page: withNews(page, this.during ?? [], this.filter, Math.max(keptMin, limit)), error: null });
      this.answered();
    } catch (cause) {
      if (reading === this.reading) this.failed(cause);
    }
    if (reading === this.reading) this.during = null;
  }

  private async readStatus(): Promise<void> {
    try {
      const status = await this.parts.api.status();
      if (!this.running) return;
      this.clockAhead = status.clock.now_ms - this.parts.nowMs();
      this.put({ status });
      this.answered();
    } catch (cause) {
      if (this.running) this.failed(cause, false);
    }
  }

  private readonly beat = (): void => {
    if (!this.parts.hidden()) void this.readStatus();
    this.plan("status", patience.status, this.beat);
  };

  private readonly poll = (): void => {
    if (this.streaming && !this.unanswered) return;
    this.streamLate = !this.streaming;
    if (!this.parts.hidden()) this.refresh();
    this.plan("poll", patience.poll, this.poll);
  };

  private openStream(): void {
    const stream = this.parts.openStream();
    this.stream = stream;
    this.plan("poll", patience.poll, this.poll);
    stream.onopen = () => {
      if (this.stream !== stream) return;
      this.streamPause = patience.streamFirst;
      this.streaming = true;
      this.streamLate = this.unanswered = false;
      this.relink();
      this.drop("poll");
      this.refresh(); // what moved before the stream was open
    };
    stream.onerror = () => {
      if (this.stream !== stream) return;
      this.streaming = false;
      this.streamLate = true;
      void this.readStatus(); // tells a hub that is gone from a session that is over
      this.plan("poll", patience.poll, this.poll);
      if (stream.readyState !== 2) return; // the browser itself tries again
      this.closeStream();
      this.plan("stream", this.streamPause, () => this.openStream());
      this.streamPause = Math.min(patience.streamMost, this.streamPause * 2);
    };
    stream.addEventListener("run", ({ data }) => this.heard(JSON.parse(data) as Run));
    stream.addEventListener("missed", this.refresh);
  }

  private closeStream(): void {
    this.stream?.close();
    this.stream = null;
  }

  private heard(run: Run): void {
    this.fresh.push(run);
    if (!this.timers.has("merge")) this.plan("merge", patience.merge, this.merge);
    if (!this.timers.has("news")) this.plan("news", patience.afterNews, () => void this.readStatus());
  }

  private readonly merge = (): void => {
    const news = this.fresh;
    this.fresh = [];
    this.during?.push(...news);
    const page = this.snapshot.page;
    if (page) this.put({ page: withNews(page, news, this.filter, Math.max(keptMin, page.runs.length)) });
    for (const run of news) for (const listener of this.listeners) listener(run);
  };

  private answered(): void {
    this.unanswered = false;
    this.relink();
  }

  private relink(): void {
    const link = this.unanswered ? "lost" : this.streaming ? "live" : this.streamLate ? "polling" : "connecting";
    if (link !== this.snapshot.link) this.put({ link });
  }

  private failed(cause: unknown, ofList = true): void {
    const error = cause instanceof ApiError ? cause : new ApiError(0, "console_broken", String(cause));
    if (error.status === 401) {
      this.stop();
      this.put({ link: "out", error });
    } else if (error.status === 0) {
      this.unanswered = true;
      this.relink();
      if (ofList) this.put({ error });
      this.plan("poll", patience.poll, this.poll);
    } else if (ofList) {
      this.put({ error });
    }
  }

  private plan(name: string, ms: number, work: () => void): void {
    this.drop(name);
    if (!this.running) return;
    this.timers.set(
      name,
      this.parts.later(() => {
        this.timers.delete(name);
        work();
      }, ms),
    );
  }
  private drop(name: string): void {
    const handle = this.timers.get(name);
    if (handle !== undefined) this.parts.never(handle);
    this.timers.delete(name);
  }
  private put(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
