// A message as its receiver would see it. What came from outside is text here and stays text.
import { createElement, type ReactNode, useState } from "react";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { Icon } from "../../ui/marks";
import { lookOf, type Piece, slackPieces } from "./channel";
import { type MailNode, readMail } from "./mail";
import "./messages.css";
import type { Message } from "./trial";

export function MessageView({ message }: { message: Message }) {
  const say = useSay(text);
  const look = lookOf(message);
  const View = views[look];
  return (
    <figure className="message" data-look={look}>
      <figcaption>
        <span>{say(`message.${look}`)}</span>
        {message.to !== "" && <span className="muted">{say("message.to", { to: message.to })}</span>}
        {message.label !== "" && <span className="tag">{message.label}</span>}
      </figcaption>
      <View message={message} />
    </figure>
  );
}

type ViewProps = { message: Message };

const Lines = ({ children }: { children: string }) => <span className="lines">{children}</span>;

function useText(message: Message): string {
  const say = useSay(text);
  return message.text === "" ? say("message.no_text") : message.text;
}

function Alimtalk({ message }: ViewProps) {
  const say = useSay(text);
  return (
    <div className="alimtalk">
      <div className="alimtalk-head">{say("message.alimtalk.head")}</div>
      <div className="alimtalk-body">
        {message.title !== "" && <p className="alimtalk-title">{message.title}</p>}
        <Lines>{useText(message)}</Lines>
        {message.buttons.map((button) => (
          <span key={button.name} className="alimtalk-button" title={button.url}>
            {button.name}
          </span>
        ))}
      </div>
    </div>
  );
}

function Slack({ message }: ViewProps) {
  return (
    <div className="slack">
      <span className="slack-face" aria-hidden="true">
        I
      </span>
      <div>
        <p>
          <strong>Ieum</strong> <span className="slack-app">APP</span>
        </p>
        <p>
          {slackPieces(useText(message)).map((piece, index) => (
            <SlackPiece key={index} piece={piece} />
          ))}
        </p>
        {message.buttons.length > 0 && (
          <p className="slack-buttons">
            {message.buttons.map((button) => (
              <span key={button.name} title={button.url}>
                {button.name}
              </span>
            ))}
          </p>
        )}
      </div>
    </div>
  );
}
function SlackPiece({ piece }: { piece: Piece }) {
  if (piece === "\n") return <br />;
  if ("bold" in piece) return <strong>{piece.bold}</strong>;
  if ("code" in piece) return <code>{piece.code}</code>;
  if ("link" in piece)
    return (
      <span className="looks-linked" title={piece.link}>
        {piece.name}
      </span>
    );
  return <>{piece.text}</>;
}

function Push({ message }: ViewProps) {
  const say = useSay(text);
  return (
    <div className="push">
      <Icon shape="event" />
      <div>
        <p className="push-head">
          <strong>{message.title || "Ieum"}</strong> <span className="muted">{say("message.now")}</span>
        </p>
        <Lines>{useText(message)}</Lines>
      </div>
    </div>
  );
}

function Sms({ message }: ViewProps) {
  return (
    <div className="sms">
      {message.title !== "" && <strong>{message.title}</strong>}
      <Lines>{useText(message)}</Lines>
    </div>
  );
}

const mailViews = ["read", "text", "source"] as const;

function Mail({ message }: ViewProps) {
  const say = useSay(text);
  const [view, setView] = useState<(typeof mailViews)[number]>(message.html === "" ? "text" : "read");
  const plain = useText(message);
  const offered = mailViews.filter((one) => (one === "text" ? message.text !== "" : message.html !== ""));
  return (
    <div className="mail">
      <p className="mail-subject">
        <span className="muted">{say("message.subject")}</span> <strong>{message.title}</strong>
      </p>
      {offered.length > 1 && (
        <div className="mail-views">
          {offered.map((one) => (
            <button
              key={one}
              type="button"
              className="small quiet"
              aria-pressed={view === one}
              onClick={() => setView(one)}
            >
              {say(`message.as_${one}`)}
            </button>
          ))}
        </div>
      )}
      <div className="mail-body">
        {view === "read" && <MailTree nodes={readMail(message.html)} />}
        {view === "text" && <Lines>{plain}</Lines>}
        {view === "source" && <pre>{message.html}</pre>}
      </div>
    </div>
  );
}

// Only elements that mail.ts knows come here; a link is shown with where it leads, and leads nowhere.
function MailTree({ nodes }: { nodes: readonly MailNode[] }): ReactNode {
  const say = useSay(text);
  return nodes.map((node, index) => {
    if (typeof node === "string") return node;
    const key = index;
    const { tag, link, children } = node;
    const alt = children[0];
    if (tag === "br" || tag === "hr") return createElement(tag, { key });
    if (tag === "img")
      return (
        <span key={key} className="mail-image">
          {say("message.image", { text: typeof alt === "string" ? alt : "" })}
        </span>
      );
    const inner = <MailTree nodes={children} />;
    if (tag === "a")
      return (
        <span key={key} className="looks-linked" title={link}>
          {inner}
        </span>
      );
    return createElement(mailTags[tag] ?? tag, { key, className: `mail-${tag}` }, inner);
  });
}
// Tables lay mails out and hold no data; headings of a mail are not those of the page.
const mailTags: Record<string, string> = { table: "div", tr: "div", td: "div", h1: "p", h2: "p", h3: "p" };

const Other = ({ message }: ViewProps) => (
  <div className="sms">
    {message.title !== "" && <strong>{message.title}</strong>}
    <Lines>{useText(message)}</Lines>
  </div>
);

const views = { alimtalk: Alimtalk, slack: Slack, push: Push, sms: Sms, mail: Mail, other: Other };
