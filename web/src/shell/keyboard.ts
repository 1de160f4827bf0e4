// The keys that work everywhere: single ones, and "g" followed by a page's letter.
export type Deed = "palette" | "help" | "search" | "send" | "close" | "next" | "previous" | "select" | { go: string };

export interface Press {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

// "g" and then one of these.
export const goKeys: ReadonlyMap<string, string> = new Map([
  ["o", "/"],
  ["r", "/runs"],
  ["p", "/problems"],
  ["d", "/lists/dead"],
  ["i", "/lists/in-doubt"],
  ["h", "/lists/held"],
  ["q", "/lists/quarantined"],
  ["e", "/recipes"],
  ["c", "/connections"],
  ["s", "/settings"],
]);

// Letters are known by their place too: with a Korean keyboard the key J says "ㅓ".
const letterOf = (press: Press): string =>
  /^[a-z]$/i.test(press.key) ? press.key.toLowerCase() : press.code.replace(/^Key/, "").toLowerCase();

// Reads presses one after the other; `nowMs` tells a "g" that was meant from one long ago.
export class Keys {
  private wentMs = -Infinity;

  deed(press: Press, nowMs: number): Deed | null {
    const letter = letterOf(press);
    if ((press.ctrlKey || press.metaKey) && !press.altKey && letter === "k") return "palette";
    if (press.ctrlKey || press.metaKey || press.altKey) return null;
    const afterG = nowMs - this.wentMs < 1500;
    this.wentMs = -Infinity;
    if (press.key === "?" || (press.code === "Slash" && press.shiftKey)) return "help";
    if (press.key === "/" || press.code === "Slash") return "search";
    if (press.key === "Escape") return "close";
    if (press.key === "ArrowDown") return "next";
    if (press.key === "ArrowUp") return "previous";
    if (press.shiftKey) return null;
    const to = afterG ? goKeys.get(letter) : undefined;
    if (to) return { go: to };
    if (letter === "g") this.wentMs = nowMs;
    if (letter === "j") return "next";
    if (letter === "k") return "previous";
    if (letter === "x") return "select";
    if (letter === "t") return "send";
    return null;
  }
}

// True where keys belong to what is focused: text, a choice, a dialog, a menu; arrows also to what scrolls.
export function isTaken(target: EventTarget | null, press: Press): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if ((press.ctrlKey || press.metaKey) && letterOf(press) === "k") return target.closest("dialog") !== null;
  if (target.closest("dialog, [role=menu]") !== null) return true;
  if (target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null)
    return press.key !== "Escape";
  return press.key.startsWith("Arrow") && target.closest("[role=tablist], pre, .graph, [role=listbox]") !== null;
}
