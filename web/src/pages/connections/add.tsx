// Adding a connection step by step: which app, its form, and what is left to do. And changing the settings of one.
import { useState } from "react";
import type { Connection } from "../../api/connections";
import { go, Link } from "../../shell/router";
import { connections as text } from "../../text/connections";
import { useBoth, useSay } from "../../text/surroundings";
import { Empty, Page, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { ConnectionForm } from "./connection_form";
import { ConnectorChoice } from "./connector_choice";
import { HookAddress, LoginBox, SecretsToPaste, TestBox } from "./deeds";
import { pathOf, useConnections, useConnector, useFieldTitle } from "./parts";

export function AddConnection({ connector }: { connector: string | null }) {
  const say = useSay(text);
  const both = useBoth();
  const chosen = useConnector(connector);
  const all = useConnections();
  const [stored, setStored] = useState<Connection | null>(null);
  const title = chosen.value && connector ? `${say("add.title")}: ${both(chosen.value.title)}` : say("add.title");
  const trouble = chosen.trouble ?? all.trouble;
  if (stored) return <Stored connection={all.value?.find((one) => one.name === stored.name) ?? stored} />;
  return (
    <Page title={title} before={<Back />}>
      {connector === null && <ConnectorChoice />}
      {connector !== null && trouble && <Trouble trouble={trouble} />}
      {connector !== null && !trouble && (!chosen.value || !all.value) && <Skeleton rows={6} />}
      {connector !== null && chosen.value && all.value && (
        <ConnectionForm
          key={connector}
          connector={chosen.value}
          before={null}
          taken={all.value.map((one) => one.name)}
          stored={setStored}
          back={
            <Link className="button" href="/connections/+add">
              {say("add.back")}
            </Link>
          }
        />
      )}
    </Page>
  );
}

export function ChangeConnection({ name }: { name: string }) {
  const say = useSay(text);
  const all = useConnections();
  const before = all.value?.find((one) => one.name === name);
  const connector = useConnector(before?.connector ?? null);
  const trouble = all.trouble ?? connector.trouble;
  return (
    <Page title={say("form.title", { name })} before={<Back />}>
      {trouble && <Trouble trouble={trouble} />}
      {all.value && !before && <Empty title={say("error.unknown_connection")} />}
      {before && connector.value ? (
        <ConnectionForm
          connector={connector.value}
          before={before}
          taken={[]}
          stored={() => go(pathOf(name))}
          back={
            <Link className="button" href={pathOf(name)}>
              {say("action.back")}
            </Link>
          }
        />
      ) : (
        !trouble && !(all.value && !before) && <Skeleton rows={6} />
      )}
    </Page>
  );
}

export function Back() {
  const say = useSay(text);
  return (
    <Link className="back" href="/connections">
      ‹ {say("page.title")}
    </Link>
  );
}

// What is left after it is stored, in the order in which it is done.
function Stored({ connection }: { connection: Connection }) {
  const say = useSay(text);
  const titleOf = useFieldTitle(useConnector(connection.connector).value);
  return (
    <Page title={say("next.title", { name: connection.name })} lead={say("next.text")} before={<Back />}>
      <div className="next-steps">
        {connection.login !== undefined && <LoginBox connection={connection} />}
        <HookAddress connection={connection} />
        <SecretsToPaste connection={connection} titleOf={titleOf} />
        <TestBox connection={connection} />
        <p>
          <Link className="button strong" href={pathOf(connection.name)}>
            {say("next.open")}
          </Link>
        </p>
      </div>
    </Page>
  );
}
