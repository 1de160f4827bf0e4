// A semantic diff to read.
import type { Diff } from "../../api/recipes";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { type DiffLine, diffLines } from "./diff_lines";

export function DiffView({ diff }: { diff: Diff }) {
  const say = useSay(text);
  const all = diffLines(diff);
  if (all.length === 0) return <p className="muted">{say("diff.none")}</p>;
  return (
    <ul className="diff">
      {all.map((line) => (
        <li key={`${line.sign} ${line.part} ${line.name} ${line.values[0]?.path ?? ""}`} data-sign={line.sign}>
          <p>
            <span className="sign">{say(`diff.${line.sign}`)}</span> {say(`diff.${line.part}`)}{" "}
            {!isItself(line) && <code>{line.name}</code>}
            {line.what !== "" && <span className="muted"> {line.what}</span>} <Where line={line} />
          </p>
          {line.values.length > 0 && (
            <dl>
              {line.values.map((value) => (
                <div key={value.path}>
                  <dt>
                    <code>{value.path}</code>
                  </dt>
                  <dd>
                    {value.before !== null && <del>{value.before}</del>}
                    {value.before !== null && value.after !== null && <span aria-hidden="true"> → </span>}
                    {value.after !== null && <ins>{value.after}</ins>}
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}

// A member of the recipe itself stands with its values already.
const isItself = (line: DiffLine): boolean =>
  line.part === "recipe" && line.values.some(({ path }) => path === line.name);

function Where({ line }: { line: DiffLine }) {
  const say = useSay(text);
  if (line.from !== "" && line.to !== "")
    return <span className="muted">{say("diff.from_to", { from: line.from, to: line.to })}</span>;
  const place = line.to || line.from;
  return place === "" ? null : <span className="muted">{say("diff.in", { place })}</span>;
}
