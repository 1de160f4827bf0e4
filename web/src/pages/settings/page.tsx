// Settings: people, the reader's own account, tokens, data, audit log, hub. Addresses: /settings/TAB.
import { useCan } from "../../data/hub";
import { go, match, usePlace } from "../../shell/router";
import { settings as text } from "../../text/settings";
import { useSay } from "../../text/surroundings";
import { Page } from "../../ui/page";
import { Tabs } from "../../ui/tabs";
import "./settings.css";
import { Account } from "./account";
import { Audit } from "./audit";
import { Data } from "./data";
import { HubFacts } from "./hub_facts";
import { People } from "./people";
import { Tokens } from "./tokens";

const tabs = ["people", "account", "tokens", "data", "audit", "hub"] as const;
type Tab = (typeof tabs)[number];
const ofOwners: readonly Tab[] = ["people", "tokens", "data", "audit"];

export default function Settings() {
  const say = useSay(text);
  const { path } = usePlace();
  const owns = useCan("own");
  const wanted = match("/settings/:tab", path)?.get("tab");
  const chosen = tabs.find((tab) => tab === wanted) ?? (owns ? "people" : "account");
  return (
    <Page title={say("page.title")}>
      <Tabs
        label={say("page.title")}
        tabs={tabs.map((id) => ({ id, name: say(`tab.${id}`) }))}
        chosen={chosen}
        choose={(tab) => go(`/settings/${tab}`, true)}
      >
        {ofOwners.includes(chosen) && !owns ? <p className="muted">{say("owner_only")}</p> : <Shown tab={chosen} />}
      </Tabs>
    </Page>
  );
}

function Shown({ tab }: { tab: Tab }) {
  switch (tab) {
    case "people":
      return <People />;
    case "account":
      return <Account />;
    case "tokens":
      return <Tokens />;
    case "data":
      return <Data />;
    case "audit":
      return <Audit />;
    case "hub":
      return <HubFacts />;
  }
}
