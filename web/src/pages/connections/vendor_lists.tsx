// Lists at the vendor, such as channels and templates: the hub's copy, and reading it anew.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, type Connector, connectionsApi, type VendorList } from "../../api/connections";
import { useCan } from "../../data/hub";
import { type PageOf, usePaged } from "../../data/paged";
import { renew } from "../../data/query";
import { connections as text } from "../../text/connections";
import { Ago, useBoth, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Fold } from "../../ui/code";
import { Section } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { PagedTable } from "../paged_table";
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

type Item = VendorList["items"][number];
interface ListPage extends PageOf<Item, string> {
  read_at: number | null;
}

function OneList({ connection, list, title }: { connection: string; list: string; title: string }) {
  const say = useSay(text);
  const mayRead = useCan("operate");
  const key = ["connections", connection, "lists", list];
  const page = usePaged<Item, string, ListPage>(key, async (after) => {
    const { items, ...found } = await connectionsApi.vendorList(connection, list, after);
    return { ...found, rows: items };
  });
  const [working, setWorking] = useState(false);
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const read = async () => {
    setWorking(true);
    setTrouble(null);
    try {
      await connectionsApi.readVendorList(connection, list);
      renew(key);
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setWorking(false);
  };
  const readAt = page.pages[0]?.read_at ?? null;
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
      {trouble && <Trouble trouble={trouble} />}
      <PagedTable
        list={page}
        label={title}
        id={(item) => item.key}
        columns={[
          { id: "title", name: say("lists.name"), main: true, cell: (item) => item.title ?? item.key },
          { id: "key", name: say("lists.key"), cell: (item) => <code>{item.key}</code> },
        ]}
        empty={readAt !== null && <p className="muted">{say("lists.empty")}</p>}
      />
    </div>
  );
}
