// Many runs at once: the bar that says which, and what can be done with them.
import { useState } from "react";
import { asQuery, type BulkAction, bulkActions } from "../../api/repair";
import type { RunFilter, RunPage } from "../../api/runs";
import { count } from "../../text/format";
import { runs as text } from "../../text/runs";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import type { Shape } from "../../ui/marks";
import { BulkDialog } from "./bulk_dialog";

interface BulkProps {
  filter: RunFilter;
  page: RunPage;
  chosen: ReadonlySet<number>;
  all: boolean;
  takeLoaded: () => void;
  takeAll: () => void;
  clear: () => void;
}

export const bulkIcons: Record<BulkAction, Shape> = {
  retry: "send",
  skip: "skipped",
  fail: "failed",
  cancel: "cancelled",
  replay: "replay",
};

export function BulkBar({ filter, page, chosen, all, takeLoaded, takeAll, clear }: BulkProps) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const [asked, setAsked] = useState<BulkAction | null>(null);
  const loaded = chosen.size === page.runs.length;
  return (
    <section className="bulk" aria-label={say("bulk.title")}>
      <p role="status">
        <b>{all ? say("bulk.all") : say("bulk.chosen", { count: count(chosen.size, language) })}</b>
      </p>
      {!all && !loaded && (
        <Button kind="quiet" onClick={takeLoaded}>
          {say("bulk.take_loaded", { count: count(page.runs.length, language) })}
        </Button>
      )}
      {!all && (
        <Button kind="quiet" why={asQuery(filter).q === "" ? say("bulk.take_all.none") : null} onClick={takeAll}>
          {say("bulk.take_all")}
        </Button>
      )}
      <span className="bulk-deeds">
        {bulkActions.map((action) => (
          <Button
            key={action}
            icon={bulkIcons[action]}
            kind={action === "cancel" ? "danger" : "plain"}
            onClick={() => setAsked(action)}
          >
            {say(`bulk.${action}`)}
          </Button>
        ))}
        <Button kind="quiet" icon="close" only aria-label={say("bulk.clear")} onClick={clear} />
      </span>
      {asked && (
        <BulkDialog
          action={asked}
          which={all ? filter : { runs: [...chosen] }}
          close={() => setAsked(null)}
          done={() => {
            setAsked(null);
            clear();
          }}
        />
      )}
    </section>
  );
}
