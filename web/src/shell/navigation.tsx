// The navigation at the side (on a phone: behind a button), with what needs a person counted, and the person's own menu.
import { useEffect, useRef, useState } from "react";
import { meApi } from "../api/me";
import type { Totals } from "../api/status";
import { leave, useLive, useMe } from "../data/hub";
import { count } from "../text/format";
import { shell } from "../text/shell";
import { Moment, useSay, useSurroundings } from "../text/surroundings";
import { Button } from "../ui/button";
import { Icon, type Shape } from "../ui/marks";
import { Menu } from "../ui/menu";
import { Around } from "../ui/trouble";
import { type Choices, themes } from "./choices";
import { Link, usePlace } from "./router";

type Name = keyof typeof shell;
export interface Entry {
  to: string;
  name: Name;
  icon: Shape;
  count?: (totals: Totals) => number;
  tone?: string;
}
export const entries: readonly { name: Name | null; entries: readonly Entry[] }[] = [
  {
    name: null,
    entries: [
      { to: "/", name: "nav.overview", icon: "overview" },
      { to: "/runs", name: "nav.runs", icon: "runs" },
      { to: "/problems", name: "nav.problems", icon: "problems" },
    ],
  },
  {
    name: "nav.repair",
    entries: [
      {
        to: "/lists/in-doubt",
        name: "nav.in_doubt",
        icon: "in_doubt",
        count: (all) => all.runs_in_doubt,
        tone: "in_doubt",
      },
      { to: "/lists/held", name: "nav.held", icon: "held" },
      { to: "/lists/dead", name: "nav.dead", icon: "dead", count: (all) => all.events_set_aside, tone: "failed" },
      {
        to: "/lists/quarantined",
        name: "nav.quarantined",
        icon: "quarantined",
        count: (all) => all.events_quarantined,
        tone: "failed",
      },
    ],
  },
  {
    name: "nav.build",
    entries: [
      { to: "/recipes", name: "nav.recipes", icon: "recipes" },
      { to: "/connections", name: "nav.connections", icon: "connections" },
      { to: "/settings", name: "nav.settings", icon: "settings" },
    ],
  },
];

interface NavigationProps {
  area: string;
  choices: Choices;
  choose: (choices: Choices) => void;
  palette: () => void;
  help: () => void;
}

export function Navigation(props: NavigationProps) {
  const say = useSay(shell);
  const [open, setOpen] = useState(false);
  const { entry } = usePlace();
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => setOpen(false), [entry]);
  useEffect(() => {
    if (!open) return;
    menu.current?.querySelector<HTMLElement>("a")?.focus();
    const pressed = (press: KeyboardEvent) => press.key === "Escape" && setOpen(false);
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [open]);
  return (
    <header className="side" data-open={open}>
      <div className="brand-line">
        <Button
          kind="quiet"
          icon={open ? "close" : "menu"}
          only
          aria-label={say("nav.open")}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        <Link href="/" className="brand">
          <img src="/ieum.svg" alt="" width="24" height="24" />
          {say("app.name")}
        </Link>
        <Lamp />
        <Button kind="quiet" icon="search" only aria-label={say("palette.open")} onClick={props.palette} />
      </div>
      <div className="side-body" ref={menu}>
        <button type="button" className="palette-open" onClick={props.palette}>
          <Icon shape="search" />
          <span>{say("palette.open")}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <Pages area={props.area} />
        <Foot {...props} />
      </div>
    </header>
  );
}

function Pages({ area }: { area: string }) {
  const say = useSay(shell);
  const { language } = useSurroundings();
  const totals = useLive().status?.totals;
  return (
    <nav aria-label={say("nav.title")}>
      {entries.map((group) => (
        <div key={group.name ?? "first"}>
          {group.name && <h2>{say(group.name)}</h2>}
          <ul>
            {group.entries.map((one) => {
              const number = (totals && one.count?.(totals)) || 0;
              const name = say(one.name);
              return (
                <li key={one.to}>
                  <Link
                    href={one.to}
                    aria-current={area === one.to ? "page" : undefined}
                    aria-label={number > 0 ? say("nav.count", { name, count: count(number, language) }) : undefined}
                  >
                    <Icon shape={one.icon} />
                    <span>{name}</span>
                    {number > 0 && (
                      <b className="count" data-state={one.tone}>
                        {count(number, language)}
                      </b>
                    )}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

// Whether the page is live, as a light with its word.
function Lamp() {
  const { say } = useSurroundings();
  const { link, status } = useLive();
  return (
    <p
      className="link"
      data-link={link}
      role="status"
      title={status ? say("top.version", { version: status.version }) : undefined}
    >
      <span className="lamp" />
      <span className="word">{say(link === "out" ? "link.connecting" : `link.${link}`)}</span>
    </p>
  );
}

function Foot({ choices, choose, help }: NavigationProps) {
  const say = useSay(shell);
  const { status } = useLive();
  const me = useMe();
  const logOut = async () => {
    try {
      await meApi.logOut();
    } catch {
      // The session is over, or will be; what is on the screen goes either way.
    }
    leave();
  };
  const role = me && say(`role.${me.role}`);
  const name = me?.kind === "local" ? say("me.local") : (me?.name ?? "…");
  return (
    <div className="foot">
      {status?.clock.kind === "virtual" && (
        <p className="virtual" title={say("clock.virtual.help")}>
          <Icon shape="waiting" />
          <span>
            {say("clock.virtual")} <Moment at={status.clock.now_ms} />
          </span>
        </p>
      )}
      <Menu
        label={say("me.menu")}
        kind="quiet"
        icon="person"
        items={[
          ...(["ko", "en"] as const).map((language) => ({
            name: say(`language.${language}`),
            checked: choices.language === language,
            act: () => choose({ ...choices, language }),
          })),
          "line" as const,
          ...themes.map((theme) => ({
            name: say(`theme.${theme}`),
            checked: choices.theme === theme,
            act: () => choose({ ...choices, theme }),
          })),
          "line" as const,
          { name: say("help.title"), icon: "keyboard" as const, act: help },
          { name: say("log_out"), icon: "leave" as const, act: () => void logOut() },
        ]}
      >
        <span className="who">
          <b>{name}</b>
          {role && <small>{role}</small>}
        </span>
      </Menu>
    </div>
  );
}

// A hub that does not answer: said over every page.
export function Lost() {
  const { say } = useSurroundings();
  return (
    <div className="trouble" role="alert">
      <Icon shape="warning" />
      <p>
        <strong>{say("link.lost")}.</strong>{" "}
        <Around say={say} text="link.lost.mend" hole="command">
          <code>ieum serve --data DIR</code>
        </Around>
      </p>
    </div>
  );
}
