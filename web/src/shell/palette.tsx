// The command palette: pages, recipes, connections, a run by its number, and a search for anything else.
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { connectionsApi } from "../api/connections";
import { recipesApi } from "../api/recipes";
import { useRead } from "../data/query";
import { shell } from "../text/shell";
import { useSay } from "../text/surroundings";
import { Dialog } from "../ui/dialog";
import { Icon, type Shape } from "../ui/marks";
import { type Choices, themes } from "./choices";
import { entries } from "./navigation";
import { find } from "./palette_find";
import { go, idOf } from "./router";

interface Offer {
  id: string;
  name: string;
  also?: string; // found by this too
  icon: Shape;
  act: () => void;
}
interface PaletteProps {
  close: () => void;
  choices: Choices;
  choose: (choices: Choices) => void;
  open: (over: "help" | "send") => void;
}

// Places behind a page that somebody may look for by name.
const deeper = [
  { to: "/recipes/+new", name: "place.new_recipe", icon: "plus" },
  { to: "/connections/+add", name: "place.add_connection", icon: "plus" },
  { to: "/settings/people", name: "place.people", icon: "person" },
  { to: "/settings/account", name: "place.account", icon: "person" },
  { to: "/settings/tokens", name: "place.tokens", icon: "settings" },
  { to: "/settings/data", name: "place.data", icon: "settings" },
  { to: "/settings/audit", name: "place.audit", icon: "settings" },
  { to: "/settings/hub", name: "place.hub", icon: "settings" },
] as const;

export default function Palette({ close, choices, choose, open }: PaletteProps) {
  const say = useSay(shell);
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const box = useRef<HTMLUListElement>(null);
  const recipes = useRead(["recipes"], recipesApi.list).value;
  const connections = useRead(["connections"], connectionsApi.list).value;

  const all = useMemo((): Offer[] => {
    const to = (path: string) => () => go(path);
    return [
      ...entries.flatMap((group) =>
        group.entries.map((one) => ({
          id: one.to,
          name: say(one.name),
          also: shell[one.name].join(" "),
          icon: one.icon,
          act: to(one.to),
        })),
      ),
      ...deeper.map(({ to: path, name, icon }) => ({
        id: path,
        name: say(name),
        also: shell[name].join(" "),
        icon,
        act: to(path),
      })),
      { id: "send", name: say("help.send"), also: shell["help.send"].join(" "), icon: "send", act: () => open("send") },
      ...(recipes ?? []).map((one) => ({
        id: `recipe ${one.name}`,
        name: say("palette.recipe", { name: one.title || one.name }),
        also: one.name,
        icon: "recipes" as const,
        act: to(`/recipes/${encodeURIComponent(one.name)}`),
      })),
      ...(connections ?? []).map((one) => ({
        id: `connection ${one.name}`,
        name: say("palette.connection", { name: one.name }),
        also: one.connector,
        icon: "connections" as const,
        act: to(`/connections/${encodeURIComponent(one.name)}`),
      })),
      ...themes.map((theme) => ({
        id: `theme ${theme}`,
        name: say(`theme.${theme}`),
        also: shell[`theme.${theme}`].join(" "),
        icon: theme,
        act: () => choose({ ...choices, theme }),
      })),
      ...(["ko", "en"] as const).map((language) => ({
        id: `language ${language}`,
        name: say(`language.${language}`),
        also: "language 언어",
        icon: "settings" as const,
        act: () => choose({ ...choices, language }),
      })),
      {
        id: "help",
        name: say("help.title"),
        also: shell["help.title"].join(" "),
        icon: "keyboard",
        act: () => open("help"),
      },
    ];
  }, [say, recipes, connections, choices, choose, open]);

  const wanted = text.trim();
  const offers = useMemo((): Offer[] => {
    const found = find(all, wanted);
    if (wanted === "") return found;
    const number = idOf(wanted.replace(/^#/, ""));
    const search: Offer = {
      id: "search",
      name: say("palette.search", { text: wanted }),
      icon: "search",
      act: () => go(`/runs?q=${encodeURIComponent(wanted)}`),
    };
    if (number === null) return [...found, search];
    return [
      search,
      { id: "run", name: say("palette.run", { id: number }), icon: "runs", act: () => go(`/runs/${number}`) },
      ...found,
    ];
  }, [all, wanted, say]);

  const chosen = Math.min(at, offers.length - 1);
  useEffect(() => {
    box.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const take = (offer: Offer | undefined) => {
    if (!offer) return;
    close();
    offer.act();
  };
  const walk = (press: KeyboardEvent) => {
    if (press.nativeEvent.isComposing) return; // Enter ends a syllable
    const by = { ArrowDown: 1, ArrowUp: -1 }[press.key];
    if (by) {
      press.preventDefault();
      setAt((chosen + by + offers.length) % offers.length);
    } else if (press.key === "Enter") {
      press.preventDefault();
      take(offers[chosen]);
    }
  };
  return (
    <Dialog title={say("palette.title")} close={close}>
      <div className="palette">
        <input
          data-first
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={offers[chosen] ? `${list}-${chosen}` : undefined}
          aria-label={say("palette.title")}
          placeholder={say("palette.hint")}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(change) => {
            setText(change.target.value);
            setAt(0);
          }}
          onKeyDown={walk}
        />
        <ul id={list} role="listbox" aria-label={say("palette.title")} ref={box}>
          {offers.map((offer, index) => (
            <li
              key={offer.id}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onClick={() => take(offer)}
              onPointerMove={() => setAt(index)}
            >
              <Icon shape={offer.icon} />
              {offer.name}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
