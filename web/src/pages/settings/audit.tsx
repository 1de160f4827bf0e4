// The audit log: who changed what, newest first, and whether its chain is whole.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { pretty } from "../../api/json_text";
import { type AuditEntry, type AuditPage, type Chain, hubApi, peopleApi, tokensApi } from "../../api/settings";
import { useRead } from "../../data/query";
import { audit, deedKey } from "../../text/audit";
import { settings as text } from "../../text/settings";
import { Moment, useSay } from "../../text/surroundings";
import { known } from "../../text/words";
import { Button } from "../../ui/button";
import { Code, Fold } from "../../ui/code";
import { Icon } from "../../ui/marks";
import { Section, Skeleton } from "../../ui/page";
import { type Column, Table } from "../../ui/table";
import { Trouble } from "../../ui/trouble";

const isEmpty = (details: unknown): boolean =>
  details === null || details === undefined || (typeof details === "object" && Object.keys(details).length === 0);

export function Audit() {
  const say = useSay(text);
  const deeds = useSay(audit);
  const [who, setWho] = useState("");
  const first = useRead(["audit", who], () => hubApi.audit(who, null), { keep: true });
  const [older, setOlder] = useState<{ of: string; pages: AuditPage[] }>({ of: "", pages: [] });
  const [whole, setWhole] = useState<Chain | null>(null);
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const names = useNames();
  const pages = first.value ? [first.value, ...(older.of === who ? older.pages : [])] : [];
  const entries = pages.flatMap((page) => page.entries);
  const next = pages.at(-1)?.next ?? null;
  const during = async (work: () => Promise<void>) => {
    setWorking(true);
    setTrouble(null);
    try {
      await work();
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setWorking(false);
  };
  const more = () =>
    during(async () => {
      const page = await hubApi.audit(who, next);
      setOlder({ of: who, pages: [...(older.of === who ? older.pages : []), page] });
    });
  const check = () => during(async () => setWhole(await hubApi.chain()));
  const outcome = (entry: AuditEntry): string =>
    entry.status === null
      ? say("audit.unknown")
      : entry.status < 400
        ? say("audit.done")
        : say("audit.refused", { status: entry.status });
  const columns: Column<AuditEntry>[] = [
    { id: "when", name: say("audit.when"), cell: (entry) => <Moment at={entry.at_ms} /> },
    {
      id: "who",
      name: say("audit.who"),
      cell: (entry) => (
        <>
          {entry.who || <span className="muted">{deeds("nobody.yet")}</span>}{" "}
          {entry.kind !== "person" && entry.who !== "" && <small>{say(`kind.${entry.kind}`)}</small>}
        </>
      ),
    },
    {
      id: "what",
      name: say("audit.what"),
      main: true,
      cell: (entry) => (
        <>
          <Deed what={entry.what} />
          {!isEmpty(entry.details) && (
            <Fold title={say("audit.details")}>
              <Code title={say("audit.details")} text={pretty(entry.details)} />
            </Fold>
          )}
        </>
      ),
    },
    { id: "target", name: say("audit.target"), cell: (entry) => entry.target || null },
    { id: "from", name: say("audit.from"), cell: (entry) => entry.from || null },
    { id: "status", name: say("audit.status"), cell: (entry) => outcome(entry) },
  ];
  const broken = pages.find((page) => page.chain.state === "broken")?.chain;
  const chain = whole?.state === "broken" ? whole : (broken ?? whole ?? first.value?.chain);
  return (
    <Section
      title={say("tab.audit")}
      deeds={
        <Button disabled={working} onClick={() => void check()}>
          {say("audit.check")}
        </Button>
      }
    >
      <p className="muted">{say("audit.about")}</p>
      {chain && <ChainNote chain={chain} isAll={chain === whole} />}
      <label className="choose-who">
        {say("audit.who")}
        <select value={who} onChange={(change) => setWho(change.target.value)}>
          <option value="">{say("audit.anybody")}</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {(first.trouble ?? trouble) && <Trouble trouble={(first.trouble ?? trouble) as ApiError} again={first.again} />}
      {!first.value && !first.trouble && <Skeleton />}
      {first.value && entries.length === 0 && <p className="muted">{say("audit.none")}</p>}
      {entries.length > 0 && (
        <Table label={say("tab.audit")} columns={columns} rows={entries} id={(entry) => entry.id} />
      )}
      {next !== null && (
        <p className="list-end">
          <Button disabled={working} onClick={() => void more()}>
            {say("audit.older")}
          </Button>
        </p>
      )}
    </Section>
  );
}

// Everybody who may stand in the log: people, tokens, the owner of the machine.
function useNames(): readonly string[] {
  const people = useRead(["people"], peopleApi.list).value ?? [];
  const tokens = useRead(["tokens"], tokensApi.list).value ?? [];
  return [...new Set([...people.map((one) => one.name), ...tokens.map((one) => one.name), "local"])];
}

// In words where there are any, and the request as it was.
function Deed({ what }: { what: string }) {
  const deeds = useSay(audit);
  const key = known(audit, deedKey(what));
  return (
    <>
      {key && <b>{deeds(key as "nobody.yet")}</b>}
      <code className="block">{what.replace("/api/v1", "")}</code>
    </>
  );
}

function ChainNote({ chain, isAll }: { chain: Chain; isAll: boolean }) {
  const say = useSay(text);
  const isWhole = chain.state === "whole";
  return (
    <p className={isWhole ? "note good" : "note grave"} role={isWhole ? "status" : "alert"}>
      <Icon shape={isWhole ? "allowed" : "warning"} />{" "}
      {isWhole
        ? say(isAll ? "audit.whole.all" : "audit.whole", { count: chain.entries ?? "" })
        : chain.at === undefined
          ? say("audit.broken.somewhere")
          : say("audit.broken", { at: chain.at })}
    </p>
  );
}
