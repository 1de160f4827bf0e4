// Held: what an operator holds, how much waits behind it, and the release at a pace with a rule for what waited too long.
import { useState } from "react";
import { type Hold, holdsApi } from "../../api/repair";
import { useWhyNot } from "../../data/hub";
import { useRead } from "../../data/query";
import { Link } from "../../shell/router";
import { count, period } from "../../text/format";
import { lists as text } from "../../text/lists";
import { Ago, Moment, useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Empty, Page, Skeleton } from "../../ui/page";
import { Table } from "../../ui/table";
import { Around, Trouble } from "../../ui/trouble";
import { HoldMark } from "./hold_button";
import { type Deed, deedsOf, HoldDeed, HoldDialog, nameOf, paceText } from "./hold_dialogs";

export default function Held() {
  const say = useSay(text);
  const { language } = useSurroundings();
  const forbidden = useWhyNot("operate");
  const [asked, setAsked] = useState<{ deed: Deed; hold: Hold } | "hold" | null>(null);
  const { value: holds, trouble, again } = useRead(["holds"], holdsApi.list, { every: 3_000 });
  return (
    <Page
      title={say("held")}
      lead={say("held.lead")}
      deeds={
        <>
          <Link href="/runs?held=yes">{say("held.runs")}</Link>
          <Button icon="held" why={forbidden} onClick={() => setAsked("hold")}>
            {say("hold")}
          </Button>
        </>
      }
    >
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!holds && !trouble && <Skeleton />}
      {holds?.length === 0 && (
        <Empty title={say("held.empty")}>
          <p>{say("held.empty.text")}</p>
          <Button icon="held" why={forbidden} onClick={() => setAsked("hold")}>
            {say("hold")}
          </Button>
        </Empty>
      )}
      {holds && holds.length > 0 && (
        <Table
          label={say("held")}
          rows={holds}
          id={(hold) => hold.id}
          columns={[
            {
              id: "what",
              name: say("hold.what"),
              main: true,
              cell: (hold) => (
                <>
                  <b>{nameOf(hold, say)}</b>
                  <small>
                    {[hold.kind !== "hub" && say(`hold.kind.${hold.kind}`), hold.reason].filter(Boolean).join(" · ")}
                  </small>
                </>
              ),
            },
            {
              id: "state",
              name: say("event.state"),
              cell: (hold) => (
                <>
                  <HoldMark hold={hold} />
                  {hold.state === "releasing" && <small> {paceText(hold, say, language)}</small>}
                </>
              ),
            },
            {
              id: "queued",
              name: say("hold.queued"),
              cell: (hold) => (
                <>
                  {count(hold.queued, language)}
                  {hold.oldest_ms !== null && (
                    <small>
                      {" "}
                      <Around say={say} text="hold.oldest" hole="time">
                        <Ago at={hold.oldest_ms} />
                      </Around>
                    </small>
                  )}
                </>
              ),
            },
            {
              id: "since",
              name: say("since"),
              cell: (hold) => (
                <>
                  <Ago at={hold.since_ms} />
                  <small> {hold.made_by}</small>
                </>
              ),
            },
            {
              id: "until",
              name: say("hold.until"),
              cell: (hold) =>
                hold.until_ms === null && hold.expire_after_ms === null ? null : (
                  <>
                    {hold.until_ms !== null && <Moment at={hold.until_ms} />}
                    {hold.expire_after_ms !== null && (
                      <small>
                        {" "}
                        {say("hold.expires", {
                          span: period(hold.expire_after_ms, language),
                          deed: say(`hold.expire.${hold.expire_then}`),
                        })}
                      </small>
                    )}
                  </>
                ),
            },
            {
              id: "deeds",
              name: say("deeds"),
              deeds: true,
              cell: (hold) => (
                <div className="buttons">
                  {deedsOf(hold).map((deed) => (
                    <Button
                      key={deed}
                      small
                      why={forbidden}
                      aria-label={`${say(deed)}: ${hold.name}`}
                      onClick={() => setAsked({ deed, hold })}
                    >
                      {say(deed)}
                    </Button>
                  ))}
                </div>
              ),
            },
          ]}
        />
      )}
      {asked === "hold" && <HoldDialog close={() => setAsked(null)} />}
      {asked !== null && asked !== "hold" && (
        <HoldDeed deed={asked.deed} hold={asked.hold} close={() => setAsked(null)} />
      )}
    </Page>
  );
}
