// In doubt: calls whose fate is unknown, each with the way to decide it.
import { useRef, useState } from "react";
import type { BulkAction } from "../../api/repair";
import { type Run, runsApi } from "../../api/runs";
import { useNews, useWhyNot } from "../../data/hub";
import { usePaged } from "../../data/paged";
import { renew } from "../../data/query";
import { Link } from "../../shell/router";
import { lists as text } from "../../text/lists";
import { reasonText } from "../../text/shared";
import { useSay } from "../../text/surroundings";
import { Menu } from "../../ui/menu";
import { Empty, Page } from "../../ui/page";
import { PagedTable } from "../paged_table";
import { useRunColumns } from "../run_lines";
import { BulkDialog } from "../runs/bulk_dialog";

export default function InDoubt() {
  const say = useSay(text);
  const forbidden = useWhyNot("operate");
  const [asked, setAsked] = useState<BulkAction | null>(null);
  const list = usePaged<Run>(["runs", "in_doubt"], async (before) => {
    const page = await runsApi.list({ state: "in_doubt" }, 50, before);
    return { rows: page.runs, next: page.next };
  });
  const planned = useRef(0);
  const soon = () => {
    clearTimeout(planned.current);
    planned.current = window.setTimeout(() => renew(["runs", "in_doubt"]), 500);
  };
  useNews((news) => {
    if (
      typeof news === "string" ||
      news.some((run) => run.state === "in_doubt" || list.rows?.some((row) => row.id === run.id))
    )
      soon();
  });
  const columns = useRunColumns(list.rows ?? []);
  const some = (list.rows?.length ?? 0) > 0;
  return (
    <Page
      title={say("doubt")}
      lead={say("doubt.lead")}
      deeds={
        some && (
          <Menu
            label={say("action.more")}
            items={[
              { name: say("look_up_all"), icon: "send", why: forbidden, act: () => setAsked("retry") },
              { name: say("fail_all"), icon: "failed", why: forbidden, act: () => setAsked("fail") },
            ]}
          />
        )
      }
    >
      <PagedTable
        list={list}
        label={say("doubt")}
        id={(run) => run.id}
        columns={[
          columns.run,
          columns.step,
          { id: "why", name: say("why"), cell: (run) => (run.reason === "" ? null : reasonText(run.reason, say)) },
          columns.since,
          {
            id: "deeds",
            name: say("deeds"),
            deeds: true,
            cell: (run) => (
              <Link className="button small" href={`/runs/${run.id}`} aria-label={`${say("open")}: #${run.id}`}>
                {say("open")}
              </Link>
            ),
          },
        ]}
        empty={
          <Empty title={say("doubt.empty")}>
            <p>{say("doubt.empty.text")}</p>
          </Empty>
        }
      />
      {asked && (
        <BulkDialog
          action={asked}
          which={{ state: "in_doubt" }}
          close={() => setAsked(null)}
          done={() => {
            setAsked(null);
            renew(["runs"]);
          }}
        />
      )}
    </Page>
  );
}
