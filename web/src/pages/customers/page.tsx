// One person as the hub knows them: traits and where they come from, identities, opt-outs, runs.
import { customerName, customersApi } from "../../api/customers";
import { pretty } from "../../api/json_text";
import { runsApi } from "../../api/runs";
import { useRead } from "../../data/query";
import { idOf, Link } from "../../shell/router";
import type { PageProps } from "../../shell/routes";
import { lists as text } from "../../text/lists";
import { Ago, Moment, useSay } from "../../text/surroundings";
import { Fact, Facts, Page, Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { RunLines } from "../run_lines";

const shownRuns = 25;
const shown = (value: unknown): string => (typeof value === "string" ? value : pretty(value));

export default function CustomerPage({ params }: PageProps) {
  const say = useSay(text);
  const id = idOf(params.get("id")) ?? 0;
  const { value: customer, trouble, again } = useRead(["customer", id], () => customersApi.one(id));
  const runs = useRead(["runs", "of customer", id], () => runsApi.list({ customer: id }, shownRuns)).value?.runs;
  const traits = Object.entries(customer?.traits ?? {});
  return (
    <Page
      title={(customer && customerName(customer)) || say("customer.title", { id })}
      lead={customer && <p>{say("customer.title", { id })}</p>}
    >
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!customer && !trouble && <Skeleton />}
      {customer && (
        <>
          <Section title={say("customer.known")}>
            <div className="panel">
              <Facts>
                <Fact name={say("customer.since")}>
                  <Moment at={customer.created_ms} />
                </Fact>
                {customer.identities.length > 0 && (
                  <Fact name={say("customer.identities")}>
                    <ul className="plain-list">
                      {customer.identities.map((one) => (
                        <li key={`${one.kind} ${one.value}`}>
                          <small>{one.kind}</small> {one.value}
                        </li>
                      ))}
                    </ul>
                  </Fact>
                )}
                {traits.map(([name, trait]) => (
                  <Fact key={name} name={<code>{name}</code>}>
                    {shown(trait.value)}{" "}
                    {trait.source && (
                      <small>
                        {trait.source}
                        {trait.at_ms !== undefined && (
                          <>
                            , <Ago at={trait.at_ms} />
                          </>
                        )}
                      </small>
                    )}
                  </Fact>
                ))}
                {customer.opt_outs.length > 0 && (
                  <Fact name={say("customer.opt_outs")}>
                    {customer.opt_outs.map((one) => [one.channel, one.topic].filter(Boolean).join(" ")).join(", ")}
                  </Fact>
                )}
              </Facts>
              {traits.length === 0 && customer.identities.length === 0 && (
                <p className="muted">{say("customer.none")}</p>
              )}
            </div>
          </Section>
          <Section
            title={say("customer.runs")}
            deeds={<Link href={`/runs?customer=${id}`}>{say("customer.runs.all")}</Link>}
          >
            {!runs && <Skeleton rows={2} />}
            {runs?.length === 0 && <p className="muted">{say("customer.runs.none")}</p>}
            {runs && runs.length > 0 && <RunLines runs={runs} label={say("customer.runs")} />}
          </Section>
        </>
      )}
    </Page>
  );
}
