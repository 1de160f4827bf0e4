// The list of runs behind a filter: pages read as they are needed, kept true by the live feed.
//
// Every snapshot is a new object. Whatever arrives while a page is being read is laid over that page, so that an older
// answer never hides newer news.
import { type ApiError, troubleOf } from "../api/call";
import type { Run, RunFilter, RunPage, Term } from "../api/runs";
import type { News } from "./live";

export const pageSize = 100;
const largest = 200; // the API's largest page
const afterHit = 600; // ms until a search is asked about a run that it cannot judge itself

export const everything: RunFilter = {
  q: "",
  state: null,
  recipe: null,
  customer: null,
  event: null,
  connection: null,
  reason: null,
  problem: null,
  held: false,
  replay_of: null,
  from_ms: null,
  until_ms: null,
};

// Whether a run belongs to the list; null where only the hub can tell.
export function matches(run: Run, filter: RunFilter): boolean | null {
  const holds =
    (filter.state === null || run.state === filter.state) &&
    (filter.recipe === null || run.recipe === filter.recipe) &&
    (filter.customer === null || run.customer === filter.customer) &&
    (filter.event === null || run.event === filter.event) &&
    (!filter.held || run.hold !== null) &&
    (filter.from_ms === null || run.started_ms >= filter.from_ms) &&
    (filter.until_ms === null || run.started_ms < filter.until_ms);
  if (!holds) return false;
  const asks =
    filter.q.trim() !== "" ||
    [filter.connection, filter.reason, filter.problem, filter.replay_of].some((value) => value !== null);
  return asks ? null : true;
}

export interface Laid extends RunPage {
  unsure: boolean; // a run moved that may belong here
}
// News laid over a page, newest run first. A run that no longer matches leaves; one older than the page stays out of it.
export function withNews(page: RunPage, news: readonly Run[], filter: RunFilter): Laid {
  const oldest = page.next ?? 0; // what is older is left to the next page
  const at = new Map(page.runs.map((run, index) => [run.id, index]));
  const runs: (Run | null)[] = [...page.runs];
  const added = new Map<number, Run>();
  let unsure = false;
  for (const run of news) {
    const belongs = matches(run, filter);
    const index = at.get(run.id);
    if (index !== undefined) runs[index] = belongs === false ? null : { ...page.runs[index], ...run };
    else if (belongs === null) unsure ||= run.id >= oldest;
    else if (belongs && run.id >= oldest) added.set(run.id, run);
    else added.delete(run.id);
  }
  const kept = runs.filter((run) => run !== null);
  const fresh = [...added.values()].sort((a, b) => b.id - a.id);
  const newest = kept[0]?.id ?? 0;
  const all =
    (fresh.at(-1)?.id ?? Number.MAX_SAFE_INTEGER) > newest
      ? [...fresh, ...kept]
      : [...fresh, ...kept].sort((a, b) => b.id - a.id);
  return { ...page, runs: all, unsure };
}

// The newest page as the hub has it now, over what was loaded: older rows stay where they join on, else they go.
export function withHead(page: RunPage | null, head: RunPage): RunPage {
  if (!page || head.next === null || (page.runs[0]?.id ?? 0) < head.next) return head;
  const until = head.next;
  const older = page.runs.filter((run) => run.id < until);
  return older.length === 0 ? head : { ...head, runs: [...head.runs, ...older], next: page.next };
}

export interface ListState {
  page: RunPage | null; // null: not read yet
  terms: readonly Term[];
  error: ApiError | null; // of the last read
  readingOlder: boolean;
}
interface ListParts {
  read: (filter: RunFilter, limit: number, before: number | null) => Promise<RunPage>;
  later: (work: () => void, ms: number) => number;
  never: (handle: number) => void;
}

export class RunList {
  private state: ListState = { page: null, terms: [], error: null, readingOlder: false };
  private readonly watchers = new Set<() => void>();
  private reading = 0; // moves with each read of the head: an answer to an older one is dropped
  private during: Run[] | null = null; // news since the read under way began
  private planned: number | null = null;

  constructor(
    readonly filter: RunFilter,
    private readonly parts: ListParts,
  ) {}

  readonly get = (): ListState => this.state;
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0 && this.planned !== null) this.parts.never(this.planned);
    };
  };

  readonly hear = (news: News): void => {
    if (typeof news === "string") return void this.read();
    this.during?.push(...news);
    this.lay(news);
  };

  readonly read = async (): Promise<void> => {
    const reading = ++this.reading;
    this.during = [];
    const limit = Math.min(largest, Math.max(pageSize, this.state.page?.runs.length ?? 0));
    try {
      const head = await this.parts.read(this.filter, limit, null);
      if (reading !== this.reading) return;
      this.put({ page: withHead(this.state.page, head), terms: head.terms ?? [], error: null });
      this.lay(this.during ?? []);
    } catch (cause) {
      if (reading === this.reading) this.put({ error: troubleOf(cause) });
    }
    if (reading === this.reading) this.during = null;
  };

  readonly older = async (): Promise<void> => {
    const { page, readingOlder } = this.state;
    if (!page || page.next === null || readingOlder) return;
    const asked = page.next;
    this.put({ readingOlder: true });
    try {
      const more = await this.parts.read(this.filter, largest, asked);
      const now = this.state.page;
      if (now && now.next === asked) {
        const last = now.runs.at(-1)?.id ?? Number.MAX_SAFE_INTEGER;
        this.put({
          page: { ...now, runs: [...now.runs, ...more.runs.filter((run) => run.id < last)], next: more.next },
        });
      }
    } catch (cause) {
      this.put({ error: troubleOf(cause) });
    }
    this.put({ readingOlder: false });
  };

  private lay(news: readonly Run[]): void {
    if (!this.state.page || news.length === 0) return;
    const { unsure, ...page } = withNews(this.state.page, news, this.filter);
    this.put({ page });
    if (!unsure || this.planned !== null) return;
    this.planned = this.parts.later(() => {
      this.planned = null;
      void this.read();
    }, afterHit);
  }
  private put(change: Partial<ListState>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }
}
