// The list of connections, dead ones first, each with what is wrong with it.
import type { Connection } from "../../api/connections";
import { useCan } from "../../data/hub";
import { Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { useBoth, useSay } from "../../text/surroundings";
import { Icon } from "../../ui/marks";
import { Empty, Page } from "../../ui/page";
import type { Column } from "../../ui/table";
import { FoundTable } from "../found_table";
import { pathOf, TroubleLine, useConnections, useConnectors, Wellbeing } from "./parts";
import { troublesOf, worstFirst } from "./troubles";

export function ConnectionList() {
  const say = useSay(text);
  const both = useBoth();
  const list = useConnections();
  const connectors = useConnectors().value ?? [];
  const mayEdit = useCan("edit");

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
  return (
    <Page title={say("page.title")} lead={say("page.about")} deeds={mayEdit && add}>
      <FoundTable
        list={{ ...list, value: list.value && worstFirst(list.value) }}
        label={say("page.title")}
        columns={columns}
        id={(one) => one.name}
        words={(one) => `${one.name} ${titleOf(one)}`}
        find={say("page.find")}
        none={say("page.none")}
        empty={
          <Empty title={say("empty.title")}>
            <p>{say("empty.text")}</p>
            <ol>
              <li>{say("empty.one")}</li>
              <li>{say("empty.two")}</li>
              <li>{say("empty.three")}</li>
            </ol>
            {mayEdit && <p>{add}</p>}
          </Empty>
        }
      />
    </Page>
  );
}
