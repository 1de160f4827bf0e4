import { expect, it } from "vitest";
import { lookOf, slackPieces } from "../../src/pages/recipes/channel";

it("shows a message as its channel does", () => {
  const look = (channel: string, html = "") => lookOf({ channel, html });
  expect(["kakao_alimtalk", "sms", "slack", "webpush", "email", "fax"].map((channel) => look(channel))).toEqual([
    "alimtalk",
    "sms",
    "slack",
    "push",
    "mail",
    "other",
  ]);
  expect(look("brevo", "<p>")).toBe("mail");
});

it("reads Slack's marks and leaves all else as text", () => {
  expect(slackPieces("*새 주문* `#1042`\n<https://a.example|보기> <#C1|orders> a &lt;b&gt; 2*3")).toEqual([
    { bold: "새 주문" },
    { text: " " },
    { code: "#1042" },
    "\n",
    { link: "https://a.example", name: "보기" },
    { text: " " },
    { bold: "#orders" },
    { text: " a <b> 2*3" },
  ]);
});
