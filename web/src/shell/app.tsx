// The console: a way in, or the navigation with the page that the address names. Keys, palette and help work over all.
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { enter, live, useLive } from "../data/hub";
import { queries } from "../data/query";
import { shell } from "../text/shell";
import { Surround, useSay } from "../text/surroundings";
import { doDeed } from "../ui/deeds";
import { Empty, Page, Skeleton } from "../ui/page";
import { Toasts } from "../ui/toast";
import { type Choices, keep } from "./choices";
import { isTaken, Keys } from "./keyboard";
import { Lost, Navigation } from "./navigation";
import { go, Link, match, usePlace, useScroll } from "./router";
import { doors, routes } from "./routes";

const Door = lazy(() => import("../pages/door/page"));
const Palette = lazy(() => import("./palette"));
const Help = lazy(() => import("./help"));
const SendEvent = lazy(() => import("../pages/events/send"));

export function App({ secret, first }: { secret: string | null; first: Choices }) {
  const [choices, setChoices] = useState(first);
  const { path } = usePlace();
  const choose = (chosen: Choices) => {
    keep(chosen);
    setChoices(chosen);
  };
  return (
    <Surround language={choices.language} nowMs={live.nowMs}>
      <QueryClientProvider client={queries}>
        {doors.includes(path) ? (
          <Suspense>
            <Door door={path} secret={secret} entered={() => go("/", true)} />
          </Suspense>
        ) : (
          <Console choices={choices} choose={choose} />
        )}
      </QueryClientProvider>
    </Surround>
  );
}

type Over = "palette" | "help" | "send";

function Console({ choices, choose }: { choices: Choices; choose: (choices: Choices) => void }) {
  const say = useSay(shell);
  const place = usePlace();
  const { link } = useLive();
  const [over, setOver] = useState<Over | null>(null);
  const close = useCallback(() => setOver(null), []);
  useEffect(() => {
    live.start();
    const back = () => document.hidden || live.refresh();
    document.addEventListener("visibilitychange", back);
    return () => {
      document.removeEventListener("visibilitychange", back);
      live.stop();
    };
  }, []);
  useKeys(setOver);
  // The page to come back to after the login.
  if (link === "out") {
    return (
      <Suspense>
        <Door door="/login" secret={null} entered={enter} />
      </Suspense>
    );
  }
  const found = routes.map((route) => ({ route, params: match(route.path, place.path) })).find((one) => one.params);
  const Shown = found?.route.page;
  return (
    <div className="console">
      <a className="skip" href="#page">
        {say("app.skip")}
      </a>
      <Navigation
        area={found?.route.area ?? ""}
        choices={choices}
        choose={choose}
        palette={() => setOver("palette")}
        help={() => setOver("help")}
      />
      <main id="page" tabIndex={-1}>
        {link === "lost" && <Lost />}
        <Suspense fallback={<Skeleton />}>
          {Shown && found.params ? (
            <>
              <Shown key={found.route.path} params={found.params} />
              <Arrived />
            </>
          ) : (
            <Page title={say("not_found")}>
              <Empty title={place.path}>
                <p>{say("not_found.text")}</p>
                <Link href="/">{say("nav.overview")}</Link>
              </Empty>
            </Page>
          )}
        </Suspense>
      </main>
      <Toasts />
      <Suspense>
        {over === "palette" && <Palette close={close} choices={choices} choose={choose} open={setOver} />}
        {over === "help" && <Help close={close} />}
        {over === "send" && <SendEvent close={close} />}
      </Suspense>
    </div>
  );
}

// Stands behind a page that is drawn: scrolls where it was left, and tells those who do not see it that it changed.
function Arrived() {
  const place = usePlace();
  const before = useRef(place.path);
  useScroll(place);
  useEffect(() => {
    if (before.current === place.path) return;
    before.current = place.path;
    document.querySelector<HTMLElement>("#page h1")?.focus({ preventScroll: true });
  }, [place.path]);
  return null;
}

function useKeys(open: (over: Over) => void): void {
  useEffect(() => {
    const keys = new Keys();
    const pressed = (press: KeyboardEvent) => {
      if (press.defaultPrevented || isTaken(press.target, press)) return;
      const deed = keys.deed(press, press.timeStamp);
      if (deed === null) return;
      if (typeof deed === "object") go(deed.go);
      else if (deed === "palette" || deed === "help" || deed === "send") open(deed);
      else if (!doDeed(deed)) {
        if (deed !== "search") return;
        open("palette");
      }
      press.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [open]);
}
