// One connection: what is wrong with it, its address, test and secrets, what came lately, the vendor's lists, who uses it.
import { useState } from "react";
import { type Connection, type Connector, connectionsApi } from "../../api/connections";
import { useCan } from "../../data/hub";
import { renew } from "../../data/query";
import { go, Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { period } from "../../text/format";
import { Ago, Moment, useBoth, useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Empty, Fact, Facts, Page, Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { HoldButton, HoldMark, useHolds } from "../lists/hold_button";
import { Back } from "./add";
import { standingTitle } from "./connectors";
import { HookAddress, LoginBox, SecretsToPaste, TestBox } from "./deeds";
import { Deliveries } from "./deliveries";
import { asEntered } from "./form";
import { connectionsKey, pathOf, Troubles, useConnections, useConnector, useFieldTitle, Wellbeing } from "./parts";
import { Rotate } from "./rotate";
import { useUsers } from "./users";
import { VendorLists } from "./vendor_lists";

export function ConnectionPage({ name }: { name: string }) {
  const say = useSay(text);
  const { value, trouble, again } = useConnections();
  const connection = value?.find((one) => one.name === name);
  if (connection) return <Shown connection={connection} />;
  return (
    <Page title={name} before={<Back />}>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {value ? <Empty title={say("error.unknown_connection")} /> : !trouble && <Skeleton rows={6} />}
    </Page>
  );
}

function Shown({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const both = useBoth();
  const mayEdit = useCan("edit");
  const connector = useConnector(connection.connector).value;
  const [over, setOver] = useState<"remove" | null>(null);
  const users = useUsers(connection);
  const holdOf = useHolds();
  const { name } = connection;
  const titleOf = useFieldTitle(connector);
  const deeds = (
    <>
      <HoldButton kind="connection" name={name} />
      {mayEdit && (
        <>
          <Link className="button" href={pathOf(name, "/settings")}>
            {say("one.change")}
          </Link>
          <Button kind="danger" onClick={() => setOver("remove")}>
            {say("remove.go")}
          </Button>
        </>
      )}
    </>
  );
  const lead = (
    <>
      <Wellbeing connection={connection} /> <HoldMark hold={holdOf("connection", name)} />{" "}
      <span>{both(connector?.title) || connection.connector}</span>
    </>
  );
  return (
    <Page title={name} lead={lead} before={<Back />} deeds={deeds}>
      <Troubles connection={connection} connector={connector} />
      <div className="columns">
        <div>
          {connection.login !== undefined && <LoginBox connection={connection} />}
          <HookAddress connection={connection} />
          <SecretsToPaste connection={connection} titleOf={titleOf} />
          <TestBox connection={connection} />
          {connection.hook && <Deliveries connection={connection} />}
          {connector && <VendorLists connection={connection} connector={connector} />}
        </div>
        <div>
          <SettingsOf connection={connection} connector={connector} titleOf={titleOf} />
          <Secrets connection={connection} titleOf={titleOf} />
          <Section title={say("used.title")}>
            {users.length === 0 ? (
              <p className="muted">{say("used.none")}</p>
            ) : (
              <ul className="plain">
                {users.map((user) => (
                  <li key={user.name}>
                    <Link href={`/recipes/${encodeURIComponent(user.name)}`}>{user.title || user.name}</Link>
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Chores connection={connection} connector={connector} />
        </div>
      </div>
      {over === "remove" && (
        <Confirm
          title={say("remove.title", { name })}
          text={say("remove.text")}
          verb={say("remove.do")}
          danger
          act={() => connectionsApi.remove(name)}
          close={() => setOver(null)}
          done={() => {
            renew(connectionsKey);
            go("/connections");
          }}
          ready={!users.some((user) => user.enabled)}
        >
          {users.some((user) => user.enabled) ? (
            <>
              <p>{say("remove.used")}</p>
              <ul>
                {users
                  .filter((user) => user.enabled)
                  .map((user) => (
                    <li key={user.name}>
                      <Link href={`/recipes/${encodeURIComponent(user.name)}`}>{user.title || user.name}</Link>
                    </li>
                  ))}
              </ul>
            </>
          ) : (
            <p className="muted">{say("remove.unused")}</p>
          )}
        </Confirm>
      )}
    </Page>
  );
}

interface PartProps {
  connection: Connection;
  connector: Connector | undefined;
  titleOf: (field: string) => string;
}

function SettingsOf({ connection, connector, titleOf }: PartProps) {
  const say = useSay(text);
  return (
    <Section title={say("one.settings")}>
      <Facts>
        <Fact name={say("one.connector")}>
          {connection.connector} {connector?.version}
        </Fact>
        {Object.entries(connection.config).map(([field, value]) => (
          <Fact key={field} name={titleOf(field)}>
            <span className="value">{asEntered(value)}</span>
          </Fact>
        ))}
        <Fact name={say("one.origins")}>
          {connection.origins.length === 0
            ? say("one.nowhere")
            : connection.origins.map((origin) => (
                <code key={origin} className="origin">
                  {origin}
                </code>
              ))}
        </Fact>
        {connection.tokens?.map(
          (token) =>
            token.expires_at !== null && (
              <Fact key={token.scheme} name={say("login.title")}>
                <LoginEnd at={token.expires_at} />
              </Fact>
            ),
        )}
      </Facts>
    </Section>
  );
}

function LoginEnd({ at }: { at: number }) {
  const say = useSay(text);
  const [before = "", after = ""] = say("login.expires", { time: "\n" }).split("\n");
  return (
    <>
      {before}
      <Moment at={at} />
      {after}
    </>
  );
}

function Secrets({ connection, titleOf }: Omit<PartProps, "connector">) {
  const say = useSay(text);
  const mayEdit = useCan("edit");
  const [changed, setChanged] = useState<string | null>(null);
  return (
    <Section title={say("secret.title")}>
      {connection.secrets.length === 0 && <p className="muted">{say("secret.none")}</p>}
      <ul className="plain secrets">
        {connection.secrets.map((secret) => (
          <li key={secret.slot}>
            <span>
              {titleOf(secret.slot)}
              <small>
                {[
                  secret.slot,
                  secret.made_by_hub ? say("secret.hub") : "",
                  secret.versions > 1 ? say("secret.versions", { count: secret.versions }) : "",
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </small>
            </span>
            {mayEdit && (
              <Button
                small
                aria-label={`${say("secret.rotate")}: ${titleOf(secret.slot)}`}
                onClick={() => setChanged(secret.slot)}
              >
                {say("secret.rotate")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {changed !== null && (
        <Rotate connection={connection} slot={changed} title={titleOf(changed)} close={() => setChanged(null)} />
      )}
    </Section>
  );
}

// Polls and webhooks that the hub keeps, and what the vendor's limits hold back now.
function Chores({ connection, connector }: Omit<PartProps, "titleOf">) {
  const say = useSay(text);
  const both = useBoth();
  const { language } = useSurroundings();
  const { polls = [], subscriptions = [], quota = [] } = connection;
  if (polls.length + subscriptions.length + quota.length === 0) return null;
  const last = (at: number | null) => (at === null ? say("one.never_ok") : <Ago at={at} />);
  return (
    <Section title={say("one.chores")}>
      <ul className="plain chores">
        {polls.map((poll) => (
          <li key={`${poll.poll} ${poll.item}`}>
            {say("one.poll", {
              what: both(standingTitle(connector, "polls", poll.poll, poll.item)),
              span: period(poll.every_ms, language),
            })}
            <small>{last(poll.last_ok_ms)}</small>
          </li>
        ))}
        {subscriptions.map((one) => (
          <li key={`${one.subscription} ${one.item}`}>
            {say("one.hook", { what: both(standingTitle(connector, "subscriptions", one.subscription, one.item)) })}
            <small>{last(one.last_ok_ms)}</small>
          </li>
        ))}
        {quota.map((one) => (
          <li key={`${one.bucket} ${one.key}`}>
            {say("one.quota", { bucket: one.bucket })}
            <small>
              <Ago at={one.until_ms} isDue />
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}
