// Settings: not built yet; the place of what comes.
import { shell } from "../../text/shell";
import { useSay } from "../../text/surroundings";
import { Empty, Page } from "../../ui/page";

export default function Settings() {
  const say = useSay(shell);
  return (
    <Page title={say("nav.settings")}>
      <Empty title={say("error.not_offered")} />
    </Page>
  );
}
