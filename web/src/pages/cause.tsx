// Why something failed: a title in the reader's words, and as detail the code and what the vendor said.
import { causeText } from "../text/shared";
import { useSurroundings } from "../text/surroundings";

export function Cause({ code, message }: { code: string; message: string }) {
  const { say } = useSurroundings();
  return (
    <>
      <b>{causeText(code, say)}</b>
      <CauseDetail code={code} message={message} />
    </>
  );
}

export function CauseDetail({ code, message }: { code: string; message: string }) {
  return (
    <small>
      {" "}
      {code !== "" && <code>{code}</code>} {message}
    </small>
  );
}
