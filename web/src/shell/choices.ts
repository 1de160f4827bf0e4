// Language and theme as this reader chose them; kept in this browser.
import type { Language } from "../text/format";

export type Theme = "auto" | "light" | "dark";
export const themes: readonly Theme[] = ["auto", "light", "dark"];
export interface Choices {
  language: Language;
  theme: Theme;
}

// A browser may refuse to keep anything; the page then forgets.
function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
export function wear(choices: Choices): void {
  document.documentElement.lang = choices.language;
  document.documentElement.dataset.theme = choices.theme;
}
// What somebody chose outlives the page; what was guessed from the browser does not.
export function keep(choices: Choices): void {
  wear(choices);
  try {
    localStorage.setItem("ieum.language", choices.language);
    localStorage.setItem("ieum.theme", choices.theme);
  } catch {
    // Then until the page is closed.
  }
}
export function firstChoices(): Choices {
  const language = kept("ieum.language");
  const theme = kept("ieum.theme");
  return {
    language: language === "ko" || language === "en" ? language : navigator.language.startsWith("ko") ? "ko" : "en",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
  };
}
