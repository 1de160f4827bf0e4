// The text of a recipe with line numbers, colours and findings at their lines; to read, or to write in.
import { type KeyboardEvent, memo, useEffect, useRef } from "react";
import type { Finding } from "../../api/recipes";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { Icon } from "../../ui/marks";
import { indentAfter, tinted } from "./colours";

interface SourceProps {
  source: string;
  label: string;
  findings: readonly Finding[];
  line: number | null; // where to look
  write?: (source: string) => void;
}

export function SourceView({ source, label, findings, line, write }: SourceProps) {
  const box = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = source.split("\n");
  const worst = new Map<number, Finding["severity"]>();
  for (const { line: at, severity } of findings) if (worst.get(at) !== "error") worst.set(at, severity);

  useEffect(() => {
    if (line === null) return;
    box.current?.querySelector(`[data-line="${line}"]`)?.scrollIntoView({ block: "center" });
    const field = area.current;
    if (!field) return;
    const start =
      field.value
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length + (line > 1 ? 1 : 0);
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, start);
  }, [line]);

  // Tab leaves the field, as everywhere; Enter goes on where the line began.
  const pressed = (press: KeyboardEvent<HTMLTextAreaElement>) => {
    if (press.key !== "Enter" || press.nativeEvent.isComposing || press.ctrlKey || press.metaKey) return;
    const field = press.currentTarget;
    const before = field.value.slice(0, field.selectionStart);
    const indent = indentAfter(before.slice(before.lastIndexOf("\n") + 1));
    if (indent === "") return;
    press.preventDefault();
    // Typed, not set: what is typed can be undone.
    if (document.execCommand("insertText", false, `\n${indent}`)) return;
    field.setRangeText(`\n${indent}`, field.selectionStart, field.selectionEnd, "end");
    write?.(field.value);
  };
  return (
    <div className="source" ref={box} data-write={write !== undefined || undefined}>
      <div className="gutter" aria-hidden="true">
        {lines.map((_, index) => {
          const severity = worst.get(index + 1);
          return (
            <span
              key={index}
              data-line={index + 1}
              data-severity={severity}
              data-here={line === index + 1 || undefined}
            >
              {severity && <Icon shape={severity === "error" ? "failed" : "warning"} />}
              {index + 1}
            </span>
          );
        })}
      </div>
      {write ? (
        <div className="page-of-text">
          <Painted lines={lines} worst={worst} hidden />
          <textarea
            ref={area}
            aria-label={label}
            value={source}
            wrap="off"
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            aria-invalid={[...worst.values()].includes("error") || undefined}
            onChange={(change) => write(change.target.value)}
            onKeyDown={pressed}
          />
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
        <div className="page-of-text" tabIndex={0} role="region" aria-label={label}>
          <Painted lines={lines} worst={worst} />
        </div>
      )}
    </div>
  );
}

interface PaintedProps {
  lines: readonly string[];
  worst: ReadonlyMap<number, Finding["severity"]>;
  hidden?: boolean;
}
function Painted({ lines, worst, hidden }: PaintedProps) {
  return (
    <pre aria-hidden={hidden}>
      {lines.map((line, index) => (
        <Line key={index} line={line} severity={worst.get(index + 1)} />
      ))}
    </pre>
  );
}
const Line = memo(function Line({ line, severity }: { line: string; severity: Finding["severity"] | undefined }) {
  return (
    <span className="line" data-severity={severity}>
      {tinted(line).map((piece, index) => (
        <span key={index} data-tint={piece.tint}>
          {piece.text}
        </span>
      ))}
      {"\n"}
    </span>
  );
});

// What is wrong, each with its mend; a click goes to its line.
export function Findings({ findings, goTo }: { findings: readonly Finding[]; goTo: (line: number) => void }) {
  const say = useSay(text);
  if (findings.length === 0)
    return (
      <p className="good">
        <Icon shape="finished" /> {say("text.clean")}
      </p>
    );
  return (
    <ul className="findings">
      {findings.map((one) => (
        <li key={`${one.line} ${one.column} ${one.code} ${one.message}`} data-severity={one.severity}>
          <Icon shape={one.severity === "error" ? "failed" : "warning"} />
          <div>
            <p>
              <span className="offstage">{say(one.severity === "error" ? "text.error" : "text.warning")}: </span>
              {one.message}
            </p>
            {one.mend !== "" && <p className="mend">{one.mend}</p>}
            {one.line > 0 && (
              <button type="button" className="as-link" onClick={() => goTo(one.line)}>
                {say("text.at", { line: one.line })}
              </button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
