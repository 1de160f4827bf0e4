// The page: login, then the top, the list and the open run. The address holds what is shown; the feed holds what is true.
import {
  lazy,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { everything, isFiltered, readView, type View, writeView } from "./address";
import { api, type Recipe } from "./api";
import { Enter, SignedOut } from "./doors";
import { deedOf, isTaken } from "./keyboard";
import { RunFeed } from "./live";
import { Icon } from "./marks";
import { Around, Command, Dialog, TroubleNote } from "./pieces";
import { RunsTable, rowLink } from "./runs_table";
import { type Choices, keep, Surround, useSurroundings } from "./surroundings";
import { Filter, TopBar } from "./totals";

// What a look at the list does not need: the panel comes right behind the page, the form when it is asked for.
const panelCode = import("./run_panel");
const RunPanel = lazy(async () => ({ default: (await panelCode).RunPanel }));
const SendEvent = lazy(async () => ({ default: (await import("./send_event")).SendEvent }));

export function App({ code, first }: { code: string | null; first: Choices }) {
  const [choices, setChoices] = useState(first);
  const [door, setDoor] = useState<"enter" | "open" | "left">(code === null ? "open" : "enter");
  const feed = useMemo(
    () =>
      new RunFeed({
        api,
        openStream: () => new EventSource("/api/v1/runs/live"),
        later: (work, ms) => window.setTimeout(work, ms),
        never: (handle) => window.clearTimeout(handle),
        nowMs: Date.now,
        hidden: () => document.hidden,
      }),
    [],
  );
  const choose = (chosen: Choices) => {
    keep(chosen);
    setChoices(chosen);
  };
  const entered = useCallback(() => {
    history.replaceState(null, "", "/");
    setDoor("open");
  }, []);
  return (
    <Surround language={choices.language} nowMs={feed.nowMs}>
      {door === "enter" && <Enter code={code ?? ""} entered={entered} />}
      {door === "left" && <SignedOut left />}
      {door === "open" && <Console feed={feed} choices={choices} choose={choose} left={() => setDoor("left")} />}
    </Surround>
  );
}

function useView() {
  const [view, setView] = useState(() => readView(location.search));
  useEffect(() => {
    const moved = () => setView(readView(location.search));
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);
  // Where the open run only changes to its neighbour, the back button has nothing to say.
  const go = useCallback((change: Partial<View>, isStep = false) => {
    const next = { ...readView(location.search), ...change };
    history[isStep ? "replaceState" : "pushState"](null, "", writeView(next));
    setView(next);
  }, []);
  return { view, go };
}

interface ConsoleProps {
  feed: RunFeed;
  choices: Choices;
  choose: (choices: Choices) => void;
  left: () => void;
}

function Console({ feed, choices, choose, left }: ConsoleProps) {
  const { say } = useSurroundings();
  const { view, go } = useView();
  const { link, status, page, error, readingOlder } = useSyncExternalStore(feed.watch, feed.get);
  const [recipes, setRecipes] = useState<Recipe[]>([]);
  const [over, setOver] = useState<"help" | "send" | null>(null);
  const filter = useRef<HTMLSelectElement>(null);

  const { state, recipe, customer, event } = view;
  const wanted = useMemo(() => ({ state, recipe, customer, event }), [state, recipe, customer, event]);
  const firstWanted = useRef(wanted);
  useEffect(() => {
    feed.start(firstWanted.current);
    const back = () => document.hidden || feed.refresh();
    document.addEventListener("visibilitychange", back);
    return () => {
      document.removeEventListener("visibilitychange", back);
      feed.stop();
    };
  }, [feed]);
  useEffect(() => {
    if (wanted === firstWanted.current) return;
    firstWanted.current = wanted;
    feed.show(wanted);
  }, [feed, wanted]);

  // Titles come with the page and whenever a run names a recipe that is not known yet.
  const unknown = page?.runs.find((run) => run.recipe && !recipes.some((one) => one.name === run.recipe))?.recipe ?? "";
  useEffect(() => {
    let current = true;
    api.recipes().then(
      (found) => current && setRecipes(found),
      () => {}, // names stand in for titles
    );
    return () => {
      current = false;
    };
  }, [unknown]);
  const title = useCallback(
    (name: string | null) => {
      if (name === null) return say("list.recipe.gone");
      return recipes.find((one) => one.name === name)?.title || name;
    },
    [recipes, say],
  );

  const open = useCallback((run: number) => go({ run }), [go]);
  const close = useCallback(() => {
    const run = readView(location.search).run;
    go({ run: null });
    if (run !== null) document.getElementById(rowLink(run))?.focus({ preventScroll: true });
  }, [go]);
  const send = useCallback(() => setOver("send"), []);
  useKeys(feed, go, close, setOver, filter);

  const logOut = async () => {
    try {
      await api.logOut();
    } catch {
      // The session is over, or will be; what is on the screen goes either way.
    }
    left();
  };
  if (link === "out") return <SignedOut left={false} />;
  return (
    <div className="console" data-panel={view.run !== null}>
      <a className="skip" href="#runs">
        {say("app.skip")}
      </a>
      <TopBar
        link={link}
        status={status}
        choices={choices}
        choose={choose}
        help={() => setOver("help")}
        send={send}
        logOut={logOut}
      />
      <main>
        <Filter view={view} go={go} status={status} recipes={recipes} first={filter} />
        <section id="runs" tabIndex={-1} aria-label={say("list.title")}>
          {link === "lost" && <Lost />}
          {error && link !== "lost" && <TroubleNote trouble={error} again={feed.refresh} />}
          {!page && !error && <p className="muted reading">{say("list.reading")}</p>}
          {page && page.runs.length === 0 && <Empty view={view} go={go} send={send} />}
          {page && page.runs.length > 0 && (
            <RunsTable
              page={page}
              view={view}
              title={title}
              open={open}
              readingOlder={readingOlder}
              older={() => void feed.older()}
            />
          )}
        </section>
      </main>
      {view.run !== null && (
        <Suspense>
          <RunPanel id={view.run} feed={feed} title={title} go={go} close={close} />
        </Suspense>
      )}
      {over === "help" && <Help close={() => setOver(null)} />}
      {over === "send" && (
        <Suspense>
          <SendEvent close={() => setOver(null)} sent={feed.refresh} />
        </Suspense>
      )}
    </div>
  );
}

function useKeys(
  feed: RunFeed,
  go: (change: Partial<View>, isStep?: boolean) => void,
  close: () => void,
  setOver: (over: "help" | "send" | null) => void,
  filter: RefObject<HTMLSelectElement | null>,
) {
  useEffect(() => {
    const walk = (by: 1 | -1) => {
      const runs = feed.get().page?.runs ?? [];
      const { run } = readView(location.search);
      const focused = runs.findIndex((one) => rowLink(one.id) === document.activeElement?.id);
      const at = focused >= 0 ? focused : runs.findIndex((one) => one.id === run);
      const to = runs[at < 0 ? 0 : Math.min(runs.length - 1, Math.max(0, at + by))];
      if (!to) return;
      const link = document.getElementById(rowLink(to.id));
      link?.scrollIntoView({ block: "nearest" });
      if (run === null) link?.focus({ preventScroll: true });
      else go({ run: to.id }, true);
    };
    const pressed = (press: KeyboardEvent) => {
      const deed = deedOf(press);
      if (deed === null || press.defaultPrevented || isTaken(press.target, press)) return;
      if (deed === "close" && document.activeElement === filter.current) return filter.current?.blur();
      if (deed === "close" && readView(location.search).run === null) return;
      press.preventDefault();
      if (deed === "next") walk(1);
      if (deed === "previous") walk(-1);
      if (deed === "close") close();
      if (deed === "filter") filter.current?.focus();
      if (deed === "help" || deed === "send") setOver(deed);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [feed, go, close, setOver, filter]);
}

function Lost() {
  const { say } = useSurroundings();
  return (
    <div className="trouble" role="alert">
      <Icon shape="warning" />
      <p>
        <strong>{say("link.lost")}.</strong>{" "}
        <Around text="link.lost.mend" hole="command">
          <code>ieum serve --data DIR</code>
        </Around>
      </p>
    </div>
  );
}

function Empty({ view, go, send }: { view: View; go: (change: Partial<View>) => void; send: () => void }) {
  const { say } = useSurroundings();
  if (isFiltered(view)) {
    return (
      <div className="empty">
        <h2>{say("empty.filtered")}</h2>
        <p>
          {view.state ? say("empty.filtered.text", { state: say(`state.${view.state}`) }) : say("empty.filtered.any")}
        </p>
        <button type="button" onClick={() => go({ ...everything, run: view.run })}>
          {say("filter.clear")}
        </button>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>{say("empty.title")}</h2>
      <p>{say("empty.text")}</p>
      <ol>
        <li>
          <Around text="empty.one" hole="command">
            <Command text="ieum recipe apply FILE" />
          </Around>
        </li>
        <li>
          {say("empty.two")}{" "}
          <button type="button" className="strong" onClick={send}>
            {say("send.open")}
          </button>
        </li>
        <li>{say("empty.three")}</li>
      </ol>
    </div>
  );
}

function Help({ close }: { close: () => void }) {
  const { say } = useSurroundings();
  const keys = [
    ["j ↓", "help.next"],
    ["k ↑", "help.previous"],
    ["Enter", "help.open"],
    ["Esc", "help.close"],
    ["/", "help.filter"],
    ["t", "help.send"],
    ["?", "help.help"],
  ] as const;
  return (
    <Dialog title={say("help.title")} close={close}>
      <dl className="keys">
        {keys.map(([key, text]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{say(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
