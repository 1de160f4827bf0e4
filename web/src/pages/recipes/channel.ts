// How a message looks to whom it reaches, by its channel.
import type { Message } from "./trial";

export type Look = "alimtalk" | "mail" | "slack" | "push" | "sms" | "other";

export function lookOf({ channel, html }: Pick<Message, "channel" | "html">): Look {
  const name = channel.toLowerCase();
  if (/alimtalk|kakao|brand/.test(name)) return "alimtalk";
  if (/slack|team/.test(name)) return "slack";
  if (/sms|lms|mms|text/.test(name)) return "sms";
  if (/push/.test(name)) return "push";
  if (/mail/.test(name) || html !== "") return "mail";
  return "other";
}

export type Piece = { text: string } | { bold: string } | { code: string } | { link: string; name: string } | "\n";
// Slack's own marks: *bold*, `code`, <url|name>, <#C1|name>, <@U1>. All else is text.
export function slackPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  const mark = /\n|`([^`\n]+)`|\*([^*\n]+)\*|<([^<>|\n]+)(?:\|([^<>\n]+))?>/g;
  let at = 0;
  const plain = (end: number) => end > at && pieces.push({ text: unescaped(text.slice(at, end)) });
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    plain(found.index);
    at = mark.lastIndex;
    const [whole, code, bold, target, name] = found;
    if (whole === "\n") pieces.push("\n");
    else if (code !== undefined) pieces.push({ code: unescaped(code) });
    else if (bold !== undefined) pieces.push({ bold: unescaped(bold) });
    else if (target && /^[#@!]/.test(target))
      pieces.push({ bold: `${target[0] === "#" ? "#" : "@"}${name ?? target.slice(1)}` });
    else if (target) pieces.push({ link: unescaped(target), name: unescaped(name ?? target) });
  }
  plain(text.length);
  return pieces;
}
const unescaped = (text: string) =>
  text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name as "amp"] ?? "");
