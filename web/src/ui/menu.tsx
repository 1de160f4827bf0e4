// A button that opens a menu of deeds: arrows walk, letters find, Escape closes.
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./button";
import { Icon, type Shape } from "./marks";

export interface MenuItem {
  name: string;
  icon?: Shape;
  checked?: boolean; // one of several choices
  danger?: boolean;
  why?: string | null; // why not now
  act: () => void;
}
interface MenuProps {
  label: string;
  icon?: Shape;
  only?: boolean; // the icon alone
  small?: boolean;
  kind?: "plain" | "strong" | "quiet";
  children?: ReactNode;
  items: readonly (MenuItem | "line")[];
}

export function Menu({ label, icon, only, small, kind = "plain", children, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const walk = (press: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = (index: number) => {
      press.preventDefault();
      all[(index + all.length) % all.length]?.focus();
    };
    if (press.key === "ArrowDown") to(at + 1);
    else if (press.key === "ArrowUp") to(at - 1);
    else if (press.key === "Home") to(0);
    else if (press.key === "End") to(-1);
    else if (press.key === "Tab") setOpen(false);
    else if (press.key === "Escape") {
      press.preventDefault();
      press.stopPropagation();
      close();
    } else if (press.key.length === 1 && press.key !== " ") {
      const letter = press.key.toLowerCase();
      const found = [...all.slice(at + 1), ...all].find((item) => item.textContent?.toLowerCase().startsWith(letter));
      if (found) {
        press.stopPropagation();
        found.focus();
      }
    }
  };
  return (
    <div className="menu" ref={box}>
      <Button
        ref={opener}
        kind={kind}
        icon={icon}
        only={only}
        small={small}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={only || !children ? label : undefined}
        onClick={() => setOpen(!open)}
      >
        {children ?? label}
        <Icon shape="down" />
      </Button>
      {open && (
        <div className="menu-list" role="menu" aria-label={label} tabIndex={-1} onKeyDown={walk}>
          {items.map((item, index) =>
            item === "line" ? (
              <hr key={index} />
            ) : (
              // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role that goes with it is chosen below
              <button
                key={item.name}
                type="button"
                role={item.checked === undefined ? "menuitem" : "menuitemradio"}
                aria-checked={item.checked}
                aria-disabled={item.why ? true : undefined}
                title={item.why || undefined}
                tabIndex={index === 0 ? 0 : -1} // so that a long list can be scrolled by key
                className={item.danger ? "danger" : undefined}
                onClick={() => {
                  if (item.why) return;
                  close();
                  item.act();
                }}
              >
                {item.checked !== undefined ? (
                  <span className="tick">{item.checked && <Icon shape="finished" />}</span>
                ) : (
                  item.icon && <Icon shape={item.icon} />
                )}
                <span>
                  {item.name}
                  {item.why && <small>{item.why}</small>}
                </span>
              </button>
            ),
          )}
        </div>
      )}
    </div>
  );
}
