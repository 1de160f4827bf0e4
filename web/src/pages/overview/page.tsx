// How the hub does, at one look: what needs a person, what moves, what is behind, what is about to be due.
import { useState } from "react";
import { type Overview as Facts, statusApi } from "../../api/status";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { bytesText, count } from "../../text/format";
import { overview as text } from "../../text/overview";
import { Moment, useSay, useSurroundings } from "../../text/surroundings";
import { Icon, type Shape } from "../../ui/marks";
import { Empty, Page, Section, Skeleton } from "../../ui/page";
import { Around, Trouble } from "../../ui/trouble";
import { Chart } from "./chart";
import { Backlog, Hosts, OpenProblems, Quotas, Store, Waits } from "./panels";
import { restoredText } from "./restored";
import "./overview.css";

const spans = [60, 180, 1440, 10080] as const;

export default function Overview() {
  const say = useSay(text);
  const { value, trouble, again, reading } = useRead(["overview"], statusApi.overview, { every: 5_000 });
  return (
    <Page
      title={say("title")}
      lead={
        value && (
          <Around say={say} text="lead" hole="time">
            <Moment at={value.started_ms} />
          </Around>
        )
      }
    >
      {trouble && <Trouble trouble={trouble} again={again} />}
      {reading && <Skeleton />}
      {value && value.totals.events === 0 && <First />}
      {value && <HubHold hold={value.hub_hold} />}
      {value && <NoRoom store={value.store} />}
      {value && value.connections_dead.length > 0 && <Dead names={value.connections_dead} />}
      {value && <Tiles facts={value} />}
      <Throughput />
      {value && (
        <div className="panels">
          <OpenProblems />
          <Backlog facts={value} />
          <Waits facts={value} />
          <Quotas facts={value} />
          <Hosts facts={value} />
          <Store facts={value} />
        </div>
      )}
    </Page>
  );
}

function Tiles({ facts }: { facts: Facts }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const tiles: { to: string; name: keyof typeof text; icon: Shape; tone: string; number: number }[] = [
    {
      to: "/lists/in-doubt",
      name: "tile.in_doubt",
      icon: "in_doubt",
      tone: "in_doubt",
      number: facts.totals.runs_in_doubt,
    },
    { to: "/problems", name: "tile.problems", icon: "problems", tone: "failed", number: facts.problems_open },
    { to: "/lists/held", name: "tile.held", icon: "held", tone: "waiting", number: facts.held },
    { to: "/lists/dead", name: "tile.dead", icon: "dead", tone: "failed", number: facts.totals.events_set_aside },
    {
      to: "/lists/quarantined",
      name: "tile.quarantined",
      icon: "quarantined",
      tone: "failed",
      number: facts.totals.events_quarantined,
    },
    { to: "/runs?state=failed", name: "tile.failed", icon: "failed", tone: "failed", number: facts.totals.runs_failed },
  ];
  return (
    <nav className="tiles" aria-label={say("tiles")}>
      {tiles.map(({ to, name, icon, tone, number }) => (
        <Link key={to} href={to} className="tile" data-state={number > 0 ? tone : "none"} data-zero={number === 0}>
          <span>
            <Icon shape={icon} />
            {say(name)}
          </span>
          <b>{count(number, language)}</b>
        </Link>
      ))}
    </nav>
  );
}

function Throughput() {
  const say = useSay(text);
  const [minutes, setMinutes] = useState<(typeof spans)[number]>(180);
  const { value, trouble, again } = useRead(["throughput", minutes], () => statusApi.throughput(minutes), {
    every: minutes > 180 ? 60_000 : 10_000,
    keep: true,
  });
  return (
    <Section
      title={say("throughput")}
      deeds={
        <fieldset className="choice" aria-label={say("span")}>
          {spans.map((one) => (
            <button key={one} type="button" aria-pressed={one === minutes} onClick={() => setMinutes(one)}>
              {say(`span.${one}`)}
            </button>
          ))}
        </fieldset>
      }
    >
      <div className="panel">
        {trouble && <Trouble trouble={trouble} again={again} />}
        {value ? <Chart data={value} /> : !trouble && <Skeleton rows={4} />}
      </div>
    </Section>
  );
}

function Dead({ names }: { names: readonly string[] }) {
  const say = useSay(text);
  return (
    <div className="trouble" role="alert">
      <Icon shape="warning" />
      <p>
        <strong>{say("dead", { names: names.join(", ") })}.</strong> {say("dead.mend")}
      </p>
      <Link href={names.length === 1 ? `/connections/${encodeURIComponent(names[0] ?? "")}` : "/connections"}>
        {say("dead.open")}
      </Link>
    </div>
  );
}

// A restored hub begins so.
function HubHold({ hold }: { hold: Facts["hub_hold"] }) {
  const say = useSay(text);
  if (!hold) return null;
  return (
    <div className="trouble" role="alert">
      <Icon shape="held" />
      <p>
        <strong>
          {hold.reason === "" ? say("hub_hold.plain") : say("hub_hold", { reason: restoredText(hold.reason, say) })}.
        </strong>{" "}
        {say("hub_hold.mend")}
      </p>
      <Link href="/lists/held">{say("hub_hold.open")}</Link>
    </div>
  );
}

// There is room on the disk, but for the log.
const byLog = ({ room, disk_free_bytes, full_below_bytes }: Facts["store"]): boolean =>
  room === "full" && (disk_free_bytes ?? 0) >= (full_below_bytes ?? Number.POSITIVE_INFINITY);

function NoRoom({ store }: { store: Facts["store"] }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  if (store.room === "enough") return null;
  const size = (bytes: number | null) => bytesText(bytes ?? 0, language);
  const why = byLog(store) ? "log" : store.room;
  return (
    <div className="trouble" role="alert">
      <Icon shape="warning" />
      <p>
        <strong>{say(`room.${why}`, { free: size(store.disk_free_bytes), size: size(store.wal_bytes) })}.</strong>{" "}
        {say(`room.${why}.mend`, { mark: size(store.full_below_bytes) })}
      </p>
      {why !== "log" && <Link href="/settings/data">{say("room.open")}</Link>}
    </div>
  );
}

function First() {
  const say = useSay(text);
  return (
    <Empty title={say("first.title")}>
      <p>{say("first.text")}</p>
      <ol>
        <li>
          <Link href="/connections">{say("first.connection")}</Link>
        </li>
        <li>
          <Link href="/recipes">{say("first.recipe")}</Link>
        </li>
        <li>{say("first.event")}</li>
      </ol>
    </Empty>
  );
}
