// A line at the edge of the page that says what was done, and goes by itself.
import { useEffect, useSyncExternalStore } from "react";
import { useSurroundings } from "../text/surroundings";
import { Button } from "./button";
import { Icon } from "./marks";

interface Toast {
  id: number;
  text: string;
}
const stay = 6_000;
let toasts: readonly Toast[] = [];
let last = 0;
const watchers = new Set<() => void>();
const put = (next: readonly Toast[]): void => {
  toasts = next;
  for (const watcher of watchers) watcher();
};

export const toast = (text: string): void => put([...toasts.slice(-2), { id: ++last, text }]);
const drop = (id: number): void => put(toasts.filter((one) => one.id !== id));
const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export function Toasts() {
  const shown = useSyncExternalStore(watch, () => toasts);
  return (
    <div className="toasts" role="status">
      {shown.map((one) => (
        <Line key={one.id} {...one} />
      ))}
    </div>
  );
}

function Line({ id, text }: Toast) {
  const { say } = useSurroundings();
  useEffect(() => {
    const handle = setTimeout(() => drop(id), stay);
    return () => clearTimeout(handle);
  }, [id]);
  return (
    <p>
      <Icon shape="finished" />
      {text}
      <Button kind="quiet" icon="close" only small aria-label={say("action.close")} onClick={() => drop(id)} />
    </p>
  );
}
