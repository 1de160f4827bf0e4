// Lists at the vendor, such as channels and templates: the hub's copy, and reading it anew.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, type Connector, connectionsApi, type VendorList } from "../../api/connections";
import { useCan } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { connections as text } from "../../text/connections";
import { Ago, useBoth, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Fold } from "../../ui/code";
import { Section } from "../../ui/page";
import { Table } from "../../ui/table";
import { Trouble } from "../../ui/trouble";
import { listsOf, standingTitle } from "./connectors";

export function VendorLists({ connection, connector }: { connection: Connection; connector: Connector }) {
  const say = useSay(text);
  const both = useBoth();
  const lists = listsOf(connector);
  if (lists.length === 0) return null;
  return (
    <Section title={say("lists.title")}>
      {lists.map((list) => (
        <Fold key={list} title={both(standingTitle(connector, "resources", list))}>
          <OneList connection={connection.name} list={list} title={both(standingTitle(connector, "resources", list))} />
        </Fold>
      ))}
    </Section>
  );
}

function OneList({ connection, list, title }: { connection: string; list: string; title: string }) {
  const say = useSay(text);
  const mayRead = useCan("operate");
  const key = ["connections", connection, "lists", list];
  const first = useRead(key, () => connectionsApi.vendorList(connection, list));
  const [older, setOlder] = useState<VendorList | null>(null);
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
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
  const read = () =>
    during(async () => {
      await connectionsApi.readVendorList(connection, list);
      setOlder(null);
      renew(key);
    });
  const next = older ? older.next : (first.value?.next ?? null);
  const more = () =>
    during(async () => {
      const page = await connectionsApi.vendorList(connection, list, next);
      setOlder({ ...page, items: [...(older?.items ?? []), ...page.items] });
    });
  const items = [...(first.value?.items ?? []), ...(older?.items ?? [])];
  const readAt = first.value?.read_at ?? null;
  return (
    <div className="vendor-list">
      <p className="head">
        {readAt === null ? <span className="muted">{say("lists.never")}</span> : <Ago at={readAt} />}
        {mayRead && (
          <Button small disabled={working} onClick={() => void read()}>
            {say(working ? "lists.reading" : "lists.read")}
          </Button>
        )}
      </p>
      {(trouble ?? first.trouble) && <Trouble trouble={(trouble ?? first.trouble) as ApiError} />}
      {readAt !== null && items.length === 0 && <p className="muted">{say("lists.empty")}</p>}
      {items.length > 0 && (
        <Table
          label={title}
          rows={items}
          id={(item) => item.key}
          columns={[
            { id: "title", name: say("lists.name"), main: true, cell: (item) => item.title ?? item.key },
            { id: "key", name: say("lists.key"), cell: (item) => <code>{item.key}</code> },
          ]}
        />
      )}
      {next !== null && (
        <p>
          <Button small disabled={working} onClick={() => void more()}>
            {say("lists.more")}
          </Button>
        </p>
      )}
    </div>
  );
}
