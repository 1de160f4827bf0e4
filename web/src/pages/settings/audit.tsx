// The audit log: who changed what, newest first, and whether its chain is whole.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { pretty } from "../../api/json_text";
import { type AuditEntry, type Chain, hubApi, peopleApi, tokensApi } from "../../api/settings";
import { type PageOf, usePaged } from "../../data/paged";
import { useRead } from "../../data/query";
import { audit, deedKey } from "../../text/audit";
import { settings as text } from "../../text/settings";
import { Moment, useSay } from "../../text/surroundings";
import { known } from "../../text/words";
import { Button } from "../../ui/button";
import { Code, Fold } from "../../ui/code";
import { Icon } from "../../ui/marks";
import { Section } from "../../ui/page";
import type { Column } from "../../ui/table";
import { Trouble } from "../../ui/trouble";
import { PagedTable } from "../paged_table";

const isEmpty = (details: unknown): boolean =>
  details === null || details === undefined || (typeof details === "object" && Object.keys(details).length === 0);

interface LogPage extends PageOf<AuditEntry> {
  chain: Chain;
}

export function Audit() {
  const say = useSay(text);
  const deeds = useSay(audit);
  const [who, setWho] = useState("");
  const list = usePaged<AuditEntry, number, LogPage>(["audit", who], async (before) => {
    const { entries, ...page } = await hubApi.audit(who, before);
    return { ...page, rows: entries };
  });
  const [whole, setWhole] = useState<Chain | null>(null);
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const names = useNames();
  const check = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      setWhole(await hubApi.chain());
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setWorking(false);
  };
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
  const broken = list.pages.find((page) => page.chain.state === "broken")?.chain;
  const chain = whole?.state === "broken" ? whole : (broken ?? whole ?? list.pages[0]?.chain);
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
      {trouble && <Trouble trouble={trouble} />}
      <PagedTable
        list={list}
        label={say("tab.audit")}
        columns={columns}
        id={(entry) => entry.id}
        empty={<p className="muted">{say("audit.none")}</p>}
      />
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
