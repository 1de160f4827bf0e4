// A problem in a few words: what went wrong, and where.
import type { Problem } from "../../api/status";
import { Link } from "../../shell/router";
import { count } from "../../text/format";
import { problems as text } from "../../text/problems";
import { shared } from "../../text/shared";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { known } from "../../text/words";

export function Cause({ problem }: { problem: Problem }) {
  const say = useSay(text);
  const reason = known(shared, `reason.${problem.code}`);
  return (
    <>
      <b>{reason ? say(reason) : problem.message || problem.code}</b>
      <small>
        <code>{problem.code}</code>
        {reason && problem.message !== "" && ` ${problem.message}`}
      </small>
    </>
  );
}

export function ProblemLine({ problem }: { problem: Problem }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  return (
    <>
      <p className="line">
        <Link href={`/runs?problem=${problem.id}`}>{problem.message || problem.code}</Link>
      </p>
      <p className="line">
        <small>
          {problem.recipe} · {problem.step} · {problem.operation}
        </small>
        <small>
          {say("seen.since", { count: count(problem.since_open, language) })}, <Ago at={problem.last_ms} />
        </small>
      </p>
    </>
  );
}
