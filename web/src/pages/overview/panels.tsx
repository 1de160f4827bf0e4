// The overview's smaller panels: problems by cause, backlog, waits, limits of apps, the store.
import type { ReactNode } from "react";
import { type Overview as Facts, statusApi } from "../../api/status";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { bytesText, count, period } from "../../text/format";
import { overview as text } from "../../text/overview";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { Fact, Facts as List, Section } from "../../ui/page";
import { Around, Trouble } from "../../ui/trouble";
import { ProblemLine } from "../problems/line";
import { useRecipeTitles } from "../recipe_titles";

function Panel({ title, deeds, children }: { title: string; deeds?: ReactNode; children: ReactNode }) {
  return (
    <Section title={title} deeds={deeds}>
      <div className="panel">{children}</div>
    </Section>
  );
}

export function OpenProblems() {
  const say = useSay(text);
  const { title } = useRecipeTitles();
  const { value, trouble } = useRead(["problems", "open", "first"], () => statusApi.problems("open", null, 5), {
    every: 10_000,
  });
  return (
    <Panel title={say("problems")} deeds={<Link href="/problems">{say("problems.all")}</Link>}>
      {trouble && !value && <Trouble trouble={trouble} />}
      {value?.problems.length === 0 && <p className="muted">{say("problems.none")}</p>}
      <ul className="plain-list lines">
        {value?.problems.map((problem) => (
          <li key={problem.id}>
            <ProblemLine problem={problem} title={title(problem.recipe)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function Backlog({ facts }: { facts: Facts }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const { events, oldest_ms, actions_due, oldest_due_ms, index_behind } = facts.backlog;
  const line = (
    name: "backlog.events" | "backlog.actions" | "backlog.index",
    number: number,
    oldest: number | null,
  ) => (
    <Fact name={say(name)}>
      <b>{count(number, language)}</b>{" "}
      {oldest !== null && number > 0 && (
        <small>
          <Around say={say} text="backlog.oldest" hole="time">
            <Ago at={oldest} />
          </Around>
        </small>
      )}
    </Fact>
  );
  return (
    <Panel title={say("backlog")}>
      {events + actions_due + index_behind === 0 ? (
        <p className="muted">{say("backlog.none")}</p>
      ) : (
        <List>
          {line("backlog.events", events, oldest_ms)}
          {line("backlog.actions", actions_due, oldest_due_ms)}
          {line("backlog.index", index_behind, null)}
        </List>
      )}
    </Panel>
  );
}

export function Waits({ facts }: { facts: Facts }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const { next_ms, within_hour, within_day } = facts.waits;
  return (
    <Panel title={say("waits")}>
      {next_ms === null ? (
        <p className="muted">{say("waits.none")}</p>
      ) : (
        <List>
          <Fact name={say("waits.next")}>
            <Ago at={next_ms} isDue />
          </Fact>
          <Fact name={say("waits.hour")}>
            <b>{count(within_hour, language)}</b>
          </Fact>
          <Fact name={say("waits.day")}>
            <b>{count(within_day, language)}</b>
          </Fact>
        </List>
      )}
    </Panel>
  );
}

export function Quotas({ facts }: { facts: Facts }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const used = facts.quotas.filter((quota) => quota.used > 0 || quota.waits_until_ms !== null);
  return (
    <Panel title={say("quotas")}>
      {used.length === 0 && <p className="muted">{say("quotas.none")}</p>}
      <ul className="plain-list lines">
        {used.map((quota) => {
          const words = say("quotas.used", {
            used: count(quota.used, language),
            limit: count(quota.limit, language),
            per: period(quota.per_ms, language),
          });
          return (
            <li key={`${quota.connection} ${quota.bucket} ${quota.key}`}>
              <p className="line">
                <Link href={`/connections/${encodeURIComponent(quota.connection)}`}>{quota.connection}</Link>
                <span>
                  {quota.bucket} {quota.key}
                </span>
                {quota.limit > 0 && <small>{words}</small>}
              </p>
              {quota.limit > 0 && (
                <meter
                  min={0}
                  max={quota.limit}
                  high={quota.limit * 0.8}
                  value={quota.used}
                  aria-label={`${quota.connection} ${quota.bucket}: ${words}`}
                />
              )}
              {quota.waits_until_ms !== null && (
                <small className="warn-text">
                  <Around say={say} text="quotas.waits" hole="time">
                    <Ago at={quota.waits_until_ms} isDue />
                  </Around>
                </small>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

// Only while there are some: a hub whose servers all answer has nothing to say about them.
export function Hosts({ facts }: { facts: Facts }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  if (facts.hosts.length === 0) return null;
  return (
    <Panel title={say("hosts")}>
      <ul className="plain-list lines">
        {facts.hosts.map((host) => {
          const closed = host.failing_since_ms === null ? "busy" : "failing";
          return (
            <li key={host.host}>
              <p className="line">
                <b>{host.host}</b>
                <span className={host.long ? "warn-text" : ""}>
                  {say(`hosts.${host.state === "closed" ? closed : host.state}`)}
                </span>
              </p>
              <small>
                {say("hosts.waits", { waiting: count(host.waiting, language), away: count(host.away, language) })}
                {host.failing_since_ms !== null && (
                  <>
                    {" · "}
                    <Around say={say} text="hosts.since" hole="time">
                      <Ago at={host.failing_since_ms} />
                    </Around>
                  </>
                )}
                {host.next_try_ms !== null && (
                  <>
                    {" · "}
                    <Around say={say} text="hosts.next" hole="time">
                      <Ago at={host.next_try_ms} isDue />
                    </Around>
                  </>
                )}
              </small>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

export function Store({ facts }: { facts: Facts }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const { store } = facts;
  const size = (bytes: number) => bytesText(bytes, language);
  return (
    <Panel title={say("store")}>
      <List>
        <Fact name={say("store.size")}>
          {size(store.bytes)}{" "}
          {store.free_page_bytes > 0 && <small>{say("store.reused", { size: size(store.free_page_bytes) })}</small>}
        </Fact>
        <Fact name={say("store.wal")}>
          {size(store.wal_bytes)}
          {store.wal_held_since_ms !== null && (
            <small className="warn-text">
              {" "}
              <Around say={say} text="store.wal_held" hole="time">
                <Ago at={store.wal_held_since_ms} />
              </Around>
            </small>
          )}
        </Fact>
        {store.keep_bytes !== null && <Fact name={say("store.keep")}>{size(store.keep_bytes)}</Fact>}
        {store.disk_free_bytes !== null && (
          <Fact name={say("store.free")}>
            {store.disk_bytes === null
              ? size(store.disk_free_bytes)
              : say("store.free.of", { free: size(store.disk_free_bytes), all: size(store.disk_bytes) })}
          </Fact>
        )}
        {store.grows_bytes_per_day !== null && (
          <Fact name={say("store.grows")}>
            {store.grows_bytes_per_day > 0
              ? say("store.grows.per_day", { size: size(store.grows_bytes_per_day) })
              : say("store.grows.not")}
          </Fact>
        )}
        {store.full_at_ms !== null && (
          <Fact name={say("store.full")}>
            <Ago at={store.full_at_ms} isDue />
          </Fact>
        )}
      </List>
    </Panel>
  );
}
