// Times, spans and numbers as people say them, in Korean and English. Pure: "now" is always an argument.
export type Language = "ko" | "en";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// Formatters are dear to make and asked for by each row of a list.
const dates = new Map<string, Intl.DateTimeFormat>();
function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const made = dates.get(key) ?? new Intl.DateTimeFormat(language, options);
  dates.set(key, made);
  return made;
}
const numbers = new Map<string, Intl.NumberFormat>();
function numberFormat(language: Language, digits: number): Intl.NumberFormat {
  const key = `${language} ${digits}`;
  const made = numbers.get(key) ?? new Intl.NumberFormat(language, { maximumFractionDigits: digits });
  numbers.set(key, made);
  return made;
}

const units = {
  ko: { ms: "밀리초", s: "초", m: "분", h: "시간", d: "일", gap: "", between: " " },
  en: { ms: "ms", s: "s", m: "min", h: "h", d: "d", gap: " ", between: " " },
} as const;

type Unit = "ms" | "s" | "m" | "h" | "d";
function amount(count: number | string, unit: Unit, language: Language): string {
  const words = units[language];
  return `${count}${words.gap}${words[unit]}`;
}

// The largest unit alone, the nearest count of it: "12분", "3 h".
function rough(span: number, language: Language): string {
  const nearest = (unit: number) => Math.round(span / unit);
  if (nearest(second) < 60) return amount(nearest(second), "s", language);
  if (nearest(minute) < 60) return amount(nearest(minute), "m", language);
  if (nearest(hour) < 48) return amount(nearest(hour), "h", language);
  return amount(nearest(day), "d", language);
}

// "12분 뒤", "3 h ago", "방금".
export function relative(atMs: number, nowMs: number, language: Language): string {
  const span = Math.abs(atMs - nowMs);
  if (span < 2 * second) return language === "ko" ? (atMs > nowMs ? "곧" : "방금") : atMs > nowMs ? "now" : "just now";
  const text = rough(span, language);
  if (language === "ko") return atMs > nowMs ? `${text} 뒤` : `${text} 전`;
  return atMs > nowMs ? `in ${text}` : `${text} ago`;
}

// When something is due: "12분 뒤", and "곧" once the time has come, for the hub is at it.
export function due(atMs: number, nowMs: number, language: Language): string {
  return relative(Math.max(atMs, nowMs + 1), nowMs, language);
}

// "340 ms", "1.2초", "2분 5초", "3일 4시간": two units at most.
export function duration(spanMs: number, language: Language): string {
  const span = Math.max(0, Math.round(spanMs));
  if (span < second) return amount(span, "ms", language);
  if (span < 10 * second) return amount((Math.floor(span / 100) / 10).toFixed(1), "s", language);
  if (span < minute) return amount(Math.floor(span / second), "s", language);
  const [large, largeMs, small, smallMs] = (
    span < hour ? ["m", minute, "s", second] : span < day ? ["h", hour, "m", minute] : ["d", day, "h", hour]
  ) as [Unit, number, Unit, number];
  const rest = Math.floor((span % largeMs) / smallMs);
  const head = amount(Math.floor(span / largeMs), large, language);
  return rest === 0 ? head : `${head}${units[language].between}${amount(rest, small, language)}`;
}

// A span that is a rule: "1초", "15분", "1 d"; whole units where it is one.
export function period(spanMs: number, language: Language): string {
  const whole = (
    [
      ["d", day],
      ["h", hour],
      ["m", minute],
      ["s", second],
    ] as const
  ).find(([, ms]) => spanMs >= ms && spanMs % ms === 0);
  return whole ? amount(spanMs / whole[1], whole[0], language) : duration(spanMs, language);
}

// A span as recipes and forms write it: "6h", "90s".
export function spanText(spanMs: number): string {
  const [letter, ms] = (
    [
      ["d", day],
      ["h", hour],
      ["m", minute],
    ] as const
  ).find(([, unit]) => spanMs >= unit && spanMs % unit === 0) ?? ["s", second];
  return `${Math.round(spanMs / ms)}${letter}`;
}

// "11월 21일 오후 9:14:05"; with the year where it is another one.
export function moment(atMs: number, nowMs: number, language: Language, zone?: string): string {
  const at = new Date(atMs);
  const options: Intl.DateTimeFormatOptions = {
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    timeZone: zone,
  };
  const year = (date: Date) => dateFormat("en", { year: "numeric", timeZone: zone }).format(date);
  if (year(at) !== year(new Date(nowMs))) options.year = "numeric";
  return dateFormat(language, options).format(at);
}

export const count = (number: number, language: Language): string => numberFormat(language, 3).format(number);

// Half of a long key says nothing: "k_01J…9f2c".
export const shortened = (text: string, length = 14): string =>
  text.length <= length ? text : `${text.slice(0, length - 5)}…${text.slice(-4)}`;

// "1.7 GB", "340 MB": decimal units, as disks are sold and df -H counts.
export function bytesText(size: number, language: Language): string {
  const names = ["B", "KB", "MB", "GB", "TB"];
  let power = 0;
  let left = Math.max(0, size);
  while (left >= 999.5 && power < names.length - 1) {
    left /= 1000;
    power += 1;
  }
  const digits = power === 0 || left >= 100 ? 0 : 1;
  return `${numberFormat(language, digits).format(left)} ${names[power]}`;
}

// "오후 9:14", "21 Nov 09:14" where the day is another one than today's.
export function clockTime(atMs: number, nowMs: number, language: Language, zone?: string): string {
  const day = (ms: number) => dateFormat("en", { dateStyle: "short", timeZone: zone }).format(ms);
  const options: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit", timeZone: zone };
  if (day(atMs) !== day(nowMs)) Object.assign(options, { month: "short", day: "numeric" });
  return dateFormat(language, options).format(atMs);
}
