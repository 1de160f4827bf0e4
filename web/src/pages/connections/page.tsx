// Connections: not built yet; the place of what comes.
import { shell } from "../../text/shell";
import { useSay } from "../../text/surroundings";
import { Empty, Page } from "../../ui/page";

export default function Connections() {
  const say = useSay(shell);
  return (
    <Page title={say("nav.connections")}>
      <Empty title={say("error.not_offered")} />
    </Page>
  );
}
