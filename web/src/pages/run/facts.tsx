// Whose run it is, what began it, when, and its kin.
import { customerName, customersApi } from "../../api/customers";
import type { RunDetail } from "../../api/runs";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { run as text } from "../../text/run";
import { Ago, Moment, Span, useSay } from "../../text/surroundings";
import { Fact, Facts } from "../../ui/page";
import { runsAddress } from "../runs/address";
import { isLive } from "./timeline";

export function RunFacts({ run }: { run: RunDetail }) {
  const say = useSay(text);
  return (
    <div className="panel run-facts">
      <Facts>
        {run.customer !== null && <Person id={run.customer} />}
        {run.event !== null && (
          <Fact name={say("panel.event")}>
            <span className="person">
              <Link href={`/events/${run.event}`}>
                {run.trigger?.topic || say("panel.event.number", { id: run.event })}
              </Link>
              {run.trigger?.connection && <span>{run.trigger.connection}</span>}
              <Link href={runsAddress({ event: run.event })}>{say("panel.its_runs")}</Link>
            </span>
          </Fact>
        )}
        <Fact name={say("panel.started")}>
          <Moment at={run.started_ms} />
        </Fact>
        {run.ended_ms !== null && (
          <Fact name={say("panel.ended")}>
            <Moment at={run.ended_ms} />
          </Fact>
        )}
        {run.due_ms !== null && (
          <Fact name={say("panel.due")}>
            <Ago at={run.due_ms} isDue />{" "}
            <small>
              (<Moment at={run.due_ms} />)
            </small>
          </Fact>
        )}
        <Fact name={say("panel.duration")}>
          <Span from={run.started_ms} to={run.ended_ms} />
        </Fact>
        {isLive(run) && run.at_step !== "" && (
          <Fact name={say("panel.step")}>
            <code>{run.at_step}</code>
          </Fact>
        )}
        {run.key !== "" && (
          <Fact name={say("panel.key")}>
            <code>{run.key}</code>
          </Fact>
        )}
        <Fact name={say("panel.version")}>
          <code title={run.hash ?? ""}>{run.hash?.slice(0, 12) ?? run.version}</code>
        </Fact>
        {run.replay_of !== null && run.replay_of !== undefined && (
          <Fact name={say("panel.replay_of")}>
            <Link href={`/runs/${run.replay_of}`}>{say("panel.title", { id: run.replay_of })}</Link>
          </Fact>
        )}
        {run.replays && run.replays.length > 0 && (
          <Fact name={say("panel.replays")}>
            <ul className="plain-list">
              {run.replays.map((replay) => (
                <li key={replay.run}>
                  <Link href={`/runs/${replay.run}`}>{say("panel.title", { id: replay.run })}</Link>{" "}
                  <small>
                    {replay.made_by} <Ago at={replay.at_ms} />
                  </small>
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
    </div>
  );
}

// Only decoration: without it the number stands.
function Person({ id }: { id: number }) {
  const say = useSay(text);
  const customer = useRead(["customer", id], () => customersApi.one(id)).value;
  return (
    <Fact name={say("panel.customer")}>
      <span className="person">
        <Link href={`/customers/${id}`}>
          {(customer && customerName(customer)) || say("panel.customer.number", { id })}
        </Link>
        {customer?.identities.map((one) => (
          <span key={`${one.kind} ${one.value}`} className="identity">
            <small>{one.kind}</small> {one.value}
          </span>
        ))}
        <Link href={runsAddress({ customer: id })}>{say("panel.their_runs")}</Link>
      </span>
    </Fact>
  );
}
