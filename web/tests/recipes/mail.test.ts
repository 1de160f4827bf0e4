import { describe, expect, it } from "vitest";
import { decoded, type MailNode, readMail, safeLink } from "../../src/pages/recipes/mail";

const shape = (nodes: MailNode[]): string =>
  nodes
    .map((node) => (typeof node === "string" ? node : `<${node.tag}>${shape(node.children)}</${node.tag}>`))
    .join("");

describe("a mail's HTML", () => {
  it("keeps its paragraphs, lists and words", () => {
    expect(
      shape(readMail("<body><h1>안녕</h1><p>한 <strong>줄</strong><br>둘</p><ul><li>a<li>b</ul></body>")),
    ).toContain("<h1>안녕</h1><p>한 <b>줄</b><br></br>둘</p>");
  });
  it("loses everything that could run, load or style, with what is inside", () => {
    const html = `<style>p{color:red}</style><script>alert(1)</script><p onclick="x()" style="top:0">a<img src=x
      onerror=alert(1) alt="그림"><iframe srcdoc="<b>x"></iframe><svg><a href="javascript:alert(1)">b</a></svg>c</p>`;
    expect(shape(readMail(html))).toBe("<p>a<img>그림</img>c</p>");
  });
  it("never follows a link that is no address", () => {
    expect(
      ["https://a.example", "mailto:a@b.example", " javascript:alert(1)", "data:text/html,x", "//a"].map(safeLink),
    ).toEqual(["https://a.example", "mailto:a@b.example", "", "", ""]);
    const [link] = readMail('<a href="java&#115;cript:alert(1)">x</a>');
    expect(link).toEqual({ tag: "a", children: ["x"] });
  });
  it("reads entities once", () => {
    expect(decoded("&lt;b&gt; &amp;lt; &#54620; &nope; &#xD800;")).toBe("<b> &lt; 한 &nope; \ufffd");
    expect(shape(readMail("&lt;script&gt;"))).toBe("<script>");
  });
  it("gets by with a mail that is broken, deep or huge", () => {
    expect(shape(readMail("<p>a</b></div><b>c"))).toBe("<p>a<b>c</b></p>");
    expect(shape(readMail("<div>".repeat(10_000))).length).toBeLessThan(200_000);
    expect(readMail("<script>never closed").length).toBe(0);
    expect(shape(readMail("a < b <"))).toBe("a < b <");
  });
});
