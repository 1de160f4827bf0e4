// A problem in a few words on another page: what went wrong, where, how often.
import type { Problem } from "../../api/status";
import { Link } from "../../shell/router";
import { count } from "../../text/format";
import { problems as text } from "../../text/problems";
import { causeText } from "../../text/shared";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { CauseDetail } from "../cause";

// title: of the recipe.
export function ProblemLine({ problem, title }: { problem: Problem; title: string }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  return (
    <>
      <p className="line">
        <Link href={`/runs?problem=${problem.id}`}>{causeText(problem.code, say)}</Link>
        <CauseDetail code={problem.code} message={problem.message} />
      </p>
      <p className="line">
        <small>
          {title} · {problem.step} · {problem.operation}
        </small>
        <small>
          {say("seen.since", { count: count(problem.since_open, language) })}, <Ago at={problem.last_ms} />
        </small>
      </p>
    </>
  );
}
