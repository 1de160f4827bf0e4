// Saved views: the filters of the list under a name, for oneself or for all.
import { useState } from "react";
import { meApi, type SavedView } from "../../api/me";
import type { RunFilter } from "../../api/runs";
import { useCan } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { go } from "../../shell/router";
import { runs as text } from "../../text/runs";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm, Dialog } from "../../ui/dialog";
import { Check, Field } from "../../ui/field";
import { Badge } from "../../ui/marks";
import { Menu } from "../../ui/menu";
import { Table } from "../../ui/table";
import { toast } from "../../ui/toast";
import { isFiltered, readFilter, runsAddress, writeFilter } from "./address";

export function Views({ filter }: { filter: RunFilter }) {
  const say = useSay(text);
  const [over, setOver] = useState<"save" | "manage" | null>(null);
  const views = useRead(["views"], meApi.views).value ?? [];
  const here = writeFilter(filter);
  const close = () => setOver(null);
  const items = views.map((view) => ({
    name: view.name,
    checked: writeFilter(readFilter(view.query)) === here,
    act: () => go(runsAddress(readFilter(view.query))),
  }));
  return (
    <>
      <Menu
        label={say("views")}
        icon="save"
        items={[
          ...items,
          ...(items.length > 0 ? ["line" as const] : []),
          {
            name: say("views.save"),
            icon: "plus" as const,
            why: isFiltered(filter) ? null : say("views.save.nothing"),
            act: () => setOver("save"),
          },
          ...(views.length > 0
            ? [{ name: say("views.manage"), icon: "settings" as const, act: () => setOver("manage") }]
            : []),
        ]}
      />
      {over === "save" && <SaveView query={here} views={views} close={close} />}
      {over === "manage" && <ManageViews views={views} close={close} />}
    </>
  );
}

function SaveView({ query, views, close }: { query: string; views: readonly SavedView[]; close: () => void }) {
  const say = useSay(text);
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const mayShare = useCan("edit");
  const taken = views.some((view) => view.name === name.trim());
  return (
    <Confirm
      title={say("views.save")}
      text={say("views.save.text")}
      verb={say("views.save.go")}
      ready={name.trim() !== "" && !taken}
      act={() => meApi.saveView({ name: name.trim(), query, shared })}
      close={close}
      done={() => {
        toast(say("views.saved", { name: name.trim() }));
        renew(["views"]);
      }}
    >
      <Field name={say("views.name")} wrong={taken ? say("views.name.taken") : null}>
        {(tied) => (
          <input
            {...tied}
            type="text"
            maxLength={80}
            value={name}
            onChange={(change) => setName(change.target.value)}
          />
        )}
      </Field>
      {mayShare && <Check name={say("views.shared")} on={shared} set={setShared} />}
    </Confirm>
  );
}

function ManageViews({ views, close }: { views: readonly SavedView[]; close: () => void }) {
  const say = useSay(text);
  const [asked, setAsked] = useState<SavedView | null>(null);
  return (
    <Dialog title={say("views.manage")} close={close} wide>
      <Table
        label={say("views.manage")}
        rows={views}
        id={(view) => view.id}
        columns={[
          {
            id: "name",
            name: say("views.name"),
            main: true,
            cell: (view) => (
              <>
                <b>{view.name}</b>
                <small>
                  <code>
                    {[...new URLSearchParams(view.query)].map(([name, value]) => `${name}:${value}`).join(" ")}
                  </code>
                </small>
              </>
            ),
          },
          {
            id: "shared",
            name: say("views.for"),
            cell: (view) => (view.shared ? <Badge>{say("views.for.all")}</Badge> : say("views.for.me")),
          },
          {
            id: "deeds",
            name: say("action.remove"),
            deeds: true,
            cell: (view) => (
              <Button
                small
                kind="danger"
                aria-label={`${say("action.remove")}: ${view.name}`}
                onClick={() => setAsked(view)}
              >
                {say("action.remove")}
              </Button>
            ),
          },
        ]}
      />
      {asked && (
        <Confirm
          title={say("views.remove", { name: asked.name })}
          verb={say("action.remove")}
          danger
          act={() => meApi.removeView(asked.id)}
          close={() => setAsked(null)}
          done={() => {
            renew(["views"]);
            if (views.length === 1) close();
          }}
        />
      )}
    </Dialog>
  );
}
