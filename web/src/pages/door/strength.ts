// How a password could be guessed, said in words: what to mend first. The hub has the last word.
export const passwordLeast = 12;

export type Weakness = "short" | "common" | "digits" | "name" | "row" | "same" | "words";
export interface Strength {
  level: 0 | 1 | 2 | 3; // too weak, weak, good, strong
  weakness: Weakness | null;
  lacks: number; // characters to go until it is long enough
}

// The heads of the lists that every guesser begins with; digits and signs around them do not help.
const common =
  "password passw0rd qwerty admin administrator letmein welcome iloveyou monkey dragon sunshine princess football baseball superman master shadow login secret changeme default guest hello helloworld integration korea seoul love test ieum 이음 비밀번호 사랑해 dkssud qlalfqjsgh tkfkdgo".split(
    " ",
  );
const rows = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv"];

// How much of a text is a walk along the keyboard or the alphabet.
function longestRow(text: string): number {
  let longest = 0;
  for (const row of [...rows, ...rows.map((one) => [...one].reverse().join(""))])
    for (let from = 0; from < text.length; from += 1) {
      let length = 0;
      while (from + length < text.length && row.includes(text.slice(from, from + length + 1))) length += 1;
      longest = Math.max(longest, length);
    }
  return longest;
}

export function strengthOf(password: string, name = ""): Strength {
  const letters = [...password];
  const lower = password.toLowerCase();
  const lacks = Math.max(0, passwordLeast - letters.length);
  const weak = (weakness: Weakness): Strength => ({ level: 0, weakness, lacks });
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  if (common.includes(core) || common.includes(core.replace(/[@0]/g, (sign) => (sign === "@" ? "a" : "o"))))
    return weak("common");
  if (lacks > 0) return weak("short");
  if (core === "") return weak("digits");
  const owner = name.trim().toLowerCase();
  if (owner.length >= 2 && lower.includes(owner) && letters.length - [...owner].length < passwordLeast - 2)
    return weak("name");
  const different = new Set(letters).size;
  if (different < 5) return weak("same");
  if (longestRow(lower) * 2 > letters.length) return weak("row");
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u, /\p{Lo}/u].filter((kind) =>
    kind.test(password),
  ).length;
  const score = letters.length + (kinds - 1) * 2 + Math.min(4, different - 8);
  if (score >= 20) return { level: 3, weakness: null, lacks: 0 };
  return score >= 14 ? { level: 2, weakness: null, lacks: 0 } : { level: 1, weakness: "words", lacks: 0 };
}
