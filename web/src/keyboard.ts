// The keys that work everywhere on the page.
export type Deed = "next" | "previous" | "close" | "filter" | "send" | "help";

export interface Press {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

// What a press means. Letters are known by their place too: with a Korean keyboard the key J says "ㅓ".
export function deedOf(press: Press): Deed | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const letter = /^[a-z]$/i.test(press.key) ? press.key.toLowerCase() : press.code.replace(/^Key/, "").toLowerCase();
  if (press.key === "?" || (press.code === "Slash" && press.shiftKey)) return "help";
  if (press.key === "/" || press.code === "Slash") return "filter";
  if (press.key === "Escape") return "close";
  if (press.key === "ArrowDown") return "next";
  if (press.key === "ArrowUp") return "previous";
  if (press.shiftKey) return null;
  if (letter === "j") return "next";
  if (letter === "k") return "previous";
  if (letter === "t") return "send";
  return null;
}

// True where keys belong to what is focused: text, a choice, a dialog; arrows also to what scrolls.
export function isTaken(target: EventTarget | null, press: Press): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog, input, textarea, select") !== null)
    return press.key !== "Escape" || target.closest("dialog") !== null;
  return press.key.startsWith("Arrow") && target.closest(".panel, pre") !== null;
}
