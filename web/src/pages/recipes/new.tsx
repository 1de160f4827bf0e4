// A new recipe: begins with a whole one that works.
import { useCan } from "../../data/hub";
import { go } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Page } from "../../ui/page";
import { useDraft, useLeaveWarning } from "./drafts";
import { Back, pathOf } from "./parts";
import { Editor } from "./text_tab";

const starters = {
  ko: `recipe: big-order
title: 큰 주문을 팀에 알리기
timezone: Asia/Seoul

# 무엇이 실행을 시작하는지.
trigger:
  event: order_created
  where: 'dec(event.total) >= 100000'

# 그다음 하는 일, 위에서 아래로.
steps:
  - id: tell
    use: slack.message.post
    with:
      channel: "#orders"
      text: "💎 {{ trigger.order_name }}: {{ format_money(trigger.total, trigger.currency) }}"
`,
  en: `recipe: big-order
title: Tell the team of a large order
timezone: Asia/Seoul

# What starts a run.
trigger:
  event: order_created
  where: 'dec(event.total) >= 100000'

# What it does then, from top to bottom.
steps:
  - id: tell
    use: slack.message.post
    with:
      channel: "#orders"
      text: "💎 {{ trigger.order_name }}: {{ format_money(trigger.total, trigger.currency) }}"
`,
};

export function NewRecipe() {
  const say = useSay(text);
  const { language } = useSurroundings();
  const mayEdit = useCan("edit");
  const [written, write] = useDraft("+new");
  const draft = written ?? { source: starters[language], format: "yaml" as const };
  useLeaveWarning(written !== null);
  return (
    <Page title={say("new.title")} lead={say("new.text")} before={<Back />}>
      {mayEdit ? (
        <Editor
          name="new"
          label={say("new.title")}
          draft={draft}
          change={write}
          applied={(_, name) => {
            write(null);
            go(pathOf(name), true);
          }}
          fresh
        />
      ) : (
        <p className="muted">{say("text.read_only")}</p>
      )}
    </Page>
  );
}
