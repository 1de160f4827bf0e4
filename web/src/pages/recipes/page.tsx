// Recipes: not built yet; the place of what comes.
import { shell } from "../../text/shell";
import { useSay } from "../../text/surroundings";
import { Empty, Page } from "../../ui/page";

export default function Recipes() {
  const say = useSay(shell);
  return (
    <Page title={say("nav.recipes")}>
      <Empty title={say("error.not_offered")} />
    </Page>
  );
}
