// The live feed: runs as they move by server-sent events, the hub's status and clock, and whether it can be reached.
// While no stream is open, listeners are told every few seconds to read again.
import { type ApiError, troubleOf } from "../api/call";
import type { Run } from "../api/runs";
import type { Status } from "../api/status";

const patience = { poll: 4_000, status: 10_000, afterNews: 700, streamFirst: 2_000, streamMost: 30_000, merge: 120 };

// connecting: nothing known yet. live: news stream in. polling: the hub answers, the stream does not. lost: the hub does
// not answer. out: the session is over.
export type Link = "connecting" | "live" | "polling" | "lost" | "out";
export interface LiveState {
  link: Link;
  status: Status | null;
}
// What moved; "head": something may have, look at the newest; "all": news were left out, anything may have.
export type News = readonly Run[] | "head" | "all";

export interface Stream {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of EventSource, which types what we do not look at
  onopen: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  onerror: ((event: any) => void) | null;
  readonly readyState: number;
  addEventListener(kind: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}
export interface LiveParts {
  status: () => Promise<Status>;
  openStream: () => Stream;
  later: (work: () => void, ms: number) => number;
  never: (handle: number) => void;
  nowMs: () => number;
  hidden: () => boolean;
}

export class Live {
  private state: LiveState = { link: "connecting", status: null };
  private readonly watchers = new Set<() => void>();
  private readonly listeners = new Set<(news: News) => void>();
  private readonly timers = new Map<string, number>();
  private stream: Stream | null = null;
  private streaming = false;
  private streamLate = false; // it failed, or did not open in time
  private unanswered = false;
  private streamPause = patience.streamFirst;
  private clockAhead = 0; // the hub's clock less the browser's
  private fresh: Run[] = [];
  private running = false;

  constructor(private readonly parts: LiveParts) {}

  readonly get = (): LiveState => this.state;
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  readonly listen = (listener: (news: News) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  // The hub's clock, which may be a virtual one that stands still.
  readonly nowMs = (): number => {
    const clock = this.state.status?.clock;
    return clock?.kind === "virtual" ? clock.now_ms : this.parts.nowMs() + this.clockAhead;
  };

  start(): void {
    this.running = true;
    this.streaming = this.streamLate = this.unanswered = false;
    this.put({ link: "connecting" });
    this.openStream();
    void this.readStatus();
    this.plan("status", patience.status, this.beat);
  }

  stop(): void {
    this.running = false;
    this.stream?.close();
    this.stream = null;
    for (const handle of this.timers.values()) this.parts.never(handle);
    this.timers.clear();
    this.fresh = [];
  }

  // Everything anew: the tab came back, a stream opened, an action was done, somebody asked.
  readonly refresh = (): void => this.tell("all");

  // Any call of the console met this: a session that is over ends the feed, a hub that is gone shows as lost.
  readonly report = (trouble: ApiError): void => {
    if (!this.running) return;
    if (trouble.status === 401) {
      this.stop();
      this.put({ link: "out" });
    } else if (trouble.status === 0 && trouble.code === "unreachable") {
      this.unanswered = true;
      this.relink();
      this.plan("poll", patience.poll, this.poll);
    }
  };
  readonly answered = (): void => {
    this.unanswered = false;
    this.relink();
  };

  private tell(news: News): void {
    if (!this.running) return;
    if (typeof news === "string") void this.readStatus();
    for (const listener of this.listeners) listener(news);
  }

  private async readStatus(): Promise<void> {
    try {
      const status = await this.parts.status();
      if (!this.running) return;
      this.clockAhead = status.clock.now_ms - this.parts.nowMs();
      this.put({ status });
      this.answered();
    } catch (cause) {
      this.report(troubleOf(cause));
    }
  }

  private readonly beat = (): void => {
    if (!this.parts.hidden()) void this.readStatus();
    this.plan("status", patience.status, this.beat);
  };

  private readonly poll = (): void => {
    if (this.streaming && !this.unanswered) return;
    this.streamLate = !this.streaming;
    if (!this.parts.hidden()) this.tell("head");
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
      this.tell("all"); // what moved before the stream was open
    };
    stream.onerror = () => {
      if (this.stream !== stream) return;
      this.streaming = false;
      this.streamLate = true;
      void this.readStatus(); // tells a hub that is gone from a session that is over
      this.plan("poll", patience.poll, this.poll);
      if (stream.readyState !== 2) return; // the browser itself tries again
      stream.close();
      this.stream = null;
      this.plan("stream", this.streamPause, () => this.openStream());
      this.streamPause = Math.min(patience.streamMost, this.streamPause * 2);
    };
    stream.addEventListener("run", ({ data }) => this.heard(JSON.parse(data) as Run));
    stream.addEventListener("missed", this.refresh);
  }

  private heard(run: Run): void {
    this.fresh.push(run);
    if (!this.timers.has("merge")) this.plan("merge", patience.merge, this.merge);
    if (!this.timers.has("news")) this.plan("news", patience.afterNews, () => void this.readStatus());
  }
  private readonly merge = (): void => {
    const news = this.fresh;
    this.fresh = [];
    this.tell(news);
  };

  private relink(): void {
    const link = this.unanswered ? "lost" : this.streaming ? "live" : this.streamLate ? "polling" : "connecting";
    if (link !== this.state.link && this.running) this.put({ link });
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
  private put(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
