// API tokens: what programs may do. The text of a token is shown once, when it is made.
import { useState } from "react";

import { type Token, tokensApi } from "../../api/settings";
import { renew, useRead } from "../../data/query";
import { settings as text } from "../../text/settings";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Code, Command } from "../../ui/code";
import { Confirm, Dialog } from "../../ui/dialog";
import { Badge } from "../../ui/marks";
import { Empty, Section, Skeleton } from "../../ui/page";
import { type Column, Table } from "../../ui/table";
import { Trouble } from "../../ui/trouble";
import { type Made, MakeToken } from "./make_token";
import { areas, reachOf } from "./scopes";

const key = ["tokens"];

export function Tokens() {
  const say = useSay(text);
  const { nowMs } = useSurroundings();
  const { value, trouble, again } = useRead(key, tokensApi.list);
  const [over, setOver] = useState<"make" | Token | null>(null);
  const [made, setMade] = useState<Made | null>(null);

  const scopesText = (token: Token): string =>
    token.scopes.length === 0
      ? say("tokens.all")
      : areas
          .filter((area) => reachOf(token.scopes, area) !== "none")
          .map((area) => `${say(`area.${area}`)}: ${say(`reach.${reachOf(token.scopes, area) as "read" | "write"}`)}`)
          .join(", ");
  const isOver = (token: Token) =>
    token.revoked_ms !== null || (token.expires_ms !== null && token.expires_ms <= nowMs());
  const columns: Column<Token>[] = [
    {
      id: "name",
      name: say("tokens.name"),
      main: true,
      cell: (token) => (
        <>
          <strong>{token.name}</strong> <code>{token.hint}</code>
          <small className="block">
            {say(`role.${token.role}`)} · {scopesText(token)}
          </small>
        </>
      ),
    },
    {
      id: "used",
      name: say("tokens.used"),
      cell: (token) => (token.used_ms === null ? say("tokens.unused") : <Ago at={token.used_ms} />),
    },
    {
      id: "ends",
      name: say("tokens.ends"),
      cell: (token) =>
        token.revoked_ms !== null ? (
          <Badge tone="failed">{say("tokens.revoked")}</Badge>
        ) : token.expires_ms === null ? (
          say("tokens.expiry.never")
        ) : isOver(token) ? (
          <Badge tone="failed">{say("tokens.expired")}</Badge>
        ) : (
          <Ago at={token.expires_ms} />
        ),
    },
    { id: "by", name: say("audit.who"), cell: (token) => say("tokens.made_by", { name: token.made_by }) },
    {
      id: "deeds",
      name: say("tokens.revoke"),
      deeds: true,
      cell: (token) =>
        token.revoked_ms === null ? (
          <Button
            small
            kind="danger"
            aria-label={`${say("tokens.revoke")}: ${token.name}`}
            onClick={() => setOver(token)}
          >
            {say("tokens.revoke")}
          </Button>
        ) : null,
    },
  ];
  const make = (
    <Button kind="strong" icon="plus" onClick={() => setOver("make")}>
      {say("tokens.make")}
    </Button>
  );
  return (
    <Section title={say("tab.tokens")} deeds={value && value.length > 0 && make}>
      <p className="muted">{say("tokens.about")}</p>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!value && !trouble && <Skeleton />}
      {value?.length === 0 && (
        <Empty title={say("tokens.none")}>
          <p>{say("tokens.none.text")}</p>
          <p>{make}</p>
        </Empty>
      )}
      {value && value.length > 0 && (
        <Table label={say("tab.tokens")} columns={columns} rows={value} id={(token) => token.id} />
      )}
      {over === "make" && <MakeToken close={() => setOver(null)} made={setMade} done={() => renew(key)} />}
      {over !== null && over !== "make" && (
        <Confirm
          title={say("tokens.revoke.title", { name: over.name })}
          text={say("tokens.revoke.text")}
          verb={say("tokens.revoke")}
          danger
          act={() => tokensApi.revoke(over.id)}
          close={() => setOver(null)}
          done={() => renew(key)}
        />
      )}
      {made && (
        <Dialog title={say("tokens.made", { name: made.name })} close={() => setMade(null)}>
          <p>
            <strong>{say("tokens.made.text")}</strong>
          </p>
          <p>
            <Command text={made.token} />
          </p>
          <Code
            title={say("tokens.made.use")}
            text={`curl -H "Authorization: Bearer ${made.token}" ${location.origin}/api/v1/status`}
          />
          <div className="buttons">
            <Button onClick={() => setMade(null)}>{say("action.close")}</Button>
          </div>
        </Dialog>
      )}
    </Section>
  );
}
