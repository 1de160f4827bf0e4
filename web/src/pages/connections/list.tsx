// The list of connections, dead ones first, each with what is wrong with it.
import { useState } from "react";
import type { Connection } from "../../api/connections";
import { useCan } from "../../data/hub";
import { Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { useBoth, useSay } from "../../text/surroundings";
import { Icon } from "../../ui/marks";
import { Empty, Page, Skeleton } from "../../ui/page";
import { type Column, Table } from "../../ui/table";
import { Trouble } from "../../ui/trouble";
import { pathOf, TroubleLine, useConnections, useConnectors, Wellbeing } from "./parts";
import { troublesOf, worstFirst } from "./troubles";

const searchedFrom = 8; // fewer are seen at a glance

export function ConnectionList() {
  const say = useSay(text);
  const both = useBoth();
  const { value, trouble, again } = useConnections();
  const connectors = useConnectors().value ?? [];
  const mayEdit = useCan("edit");
  const [sought, setSought] = useState("");

  const connectorOf = (connection: Connection) => connectors.find((one) => one.name === connection.connector);
  const titleOf = (connection: Connection) => both(connectorOf(connection)?.title) || connection.connector;
  const columns: Column<Connection>[] = [
    {
      id: "name",
      name: say("page.title"),
      main: true,
      cell: (one) => (
        <>
          <Link className="row-link" href={pathOf(one.name)}>
            {one.name}
          </Link>
          <small>{titleOf(one)}</small>
        </>
      ),
    },
    { id: "well", name: say("row.state"), bare: true, cell: (one) => <Wellbeing connection={one} /> },
    {
      id: "trouble",
      name: say("row.trouble"),
      bare: true,
      cell: (one) => {
        const first = troublesOf(one).find((found) => found.kind !== "hint");
        return first ? <TroubleLine trouble={first} connector={connectorOf(one)} brief /> : null;
      },
    },
  ];
  const add = (
    <Link className="button strong" href="/connections/+add">
      <Icon shape="plus" />
      {say("page.add")}
    </Link>
  );
  const lower = sought.trim().toLowerCase();
  const rows = worstFirst(value ?? []).filter((one) => `${one.name} ${titleOf(one)}`.toLowerCase().includes(lower));
  return (
    <Page title={say("page.title")} lead={say("page.about")} deeds={mayEdit && add}>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!value && !trouble && <Skeleton />}
      {value && value.length >= searchedFrom && (
        <input
          type="search"
          className="finder"
          aria-label={say("page.find")}
          placeholder={say("page.find")}
          value={sought}
          onChange={(change) => setSought(change.target.value)}
        />
      )}
      {value?.length === 0 && (
        <Empty title={say("empty.title")}>
          <p>{say("empty.text")}</p>
          <ol>
            <li>{say("empty.one")}</li>
            <li>{say("empty.two")}</li>
            <li>{say("empty.three")}</li>
          </ol>
          {mayEdit && <p>{add}</p>}
        </Empty>
      )}
      {value && value.length > 0 && rows.length === 0 && <p className="muted">{say("page.none")}</p>}
      {rows.length > 0 && <Table label={say("page.title")} columns={columns} rows={rows} id={(one) => one.name} />}
    </Page>
  );
}
