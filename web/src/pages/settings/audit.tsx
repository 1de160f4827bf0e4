// The audit log: who changed what, newest first, and whether its chain is whole.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { pretty } from "../../api/json_text";
import { type AuditEntry, type AuditPage, hubApi } from "../../api/settings";
import { useRead } from "../../data/query";
import { settings as text } from "../../text/settings";
import { Moment, useSay } from "../../text/surroundings";
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
  const [who, setWho] = useState("");
  const first = useRead(["audit", who], () => hubApi.audit(who, null), { keep: true });
  const [older, setOlder] = useState<{ of: string; pages: AuditPage[] }>({ of: "", pages: [] });
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const pages = first.value ? [first.value, ...(older.of === who ? older.pages : [])] : [];
  const entries = pages.flatMap((page) => page.entries);
  const next = pages.at(-1)?.next ?? null;
  const more = async () => {
    try {
      const page = await hubApi.audit(who, next);
      setOlder({ of: who, pages: [...(older.of === who ? older.pages : []), page] });
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
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
          {entry.who} {entry.kind !== "person" && <small>{say(`kind.${entry.kind}`)}</small>}
        </>
      ),
    },
    {
      id: "what",
      name: say("audit.what"),
      main: true,
      cell: (entry) => (
        <>
          <code>{entry.what}</code>
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
  const chain = first.value?.chain;
  return (
    <Section title={say("tab.audit")}>
      <p className="muted">{say("audit.about")}</p>
      {chain && (
        <p
          className={chain.state === "whole" ? "note good" : "note grave"}
          role={chain.state === "whole" ? undefined : "alert"}
        >
          <Icon shape={chain.state === "whole" ? "allowed" : "warning"} />{" "}
          {chain.state === "whole"
            ? say("audit.whole")
            : chain.at === undefined
              ? say("audit.broken.somewhere")
              : say("audit.broken", { at: chain.at })}
        </p>
      )}
      <input
        type="search"
        className="finder"
        aria-label={say("audit.who")}
        placeholder={say("audit.who")}
        value={who}
        onChange={(change) => setWho(change.target.value)}
      />
      {(first.trouble ?? trouble) && <Trouble trouble={(first.trouble ?? trouble) as ApiError} again={first.again} />}
      {!first.value && !first.trouble && <Skeleton />}
      {first.value && entries.length === 0 && <p className="muted">{say("audit.none")}</p>}
      {entries.length > 0 && (
        <Table label={say("tab.audit")} columns={columns} rows={entries} id={(entry) => entry.id} />
      )}
      {next !== null && (
        <p className="list-end">
          <Button onClick={() => void more()}>{say("audit.older")}</Button>
        </p>
      )}
    </Section>
  );
}
