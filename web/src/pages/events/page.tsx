import { shell } from "../../text/shell";
import { useSay } from "../../text/surroundings";
import { Empty, Page } from "../../ui/page";

export default function Soon() {
  const say = useSay(shell);
  return (
    <Page title={say("nav.overview")}>
      <Empty title={say("error.not_offered")} />
    </Page>
  );
}
