// Tabs: one of several views of the same thing. Arrows walk over the tabs; only the chosen one is in the tab order.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { id: T; name: ReactNode }[];
  chosen: T;
  choose: (id: T) => void;
  children: ReactNode; // the chosen tab's panel
}

export function Tabs<T extends string>({ label, tabs, chosen, choose, children }: TabsProps<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  // On a phone the tabs are wider than the page: the chosen one is brought into sight, the page stays where it is.
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>("[aria-selected=true]");
    if (tab && list.current)
      list.current.scrollLeft = tab.offsetLeft - (list.current.clientWidth - tab.offsetWidth) / 2;
  }, [chosen]);
  const walk = (press: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const last = tabs.length - 1;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[press.key];
    if (to === undefined) return;
    press.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    const next = tabs[index];
    if (!next) return;
    choose(next.id);
    (press.currentTarget.children[index] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div className="tabs" ref={list} role="tablist" aria-label={label} onKeyDown={walk}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${id}-${tab.id}`}
            aria-selected={tab.id === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} className="tab-panel">
        {children}
      </div>
    </>
  );
}
