// The forms behind a hold: what to hold and how long, and how what waited goes out.
import { type ReactNode, useState } from "react";
import { connectionsApi } from "../../api/connections";
import { recipesApi } from "../../api/recipes";
import { type Expiry, type Hold, holdsApi } from "../../api/repair";
import type { HoldKind } from "../../api/runs";
import { renew, useRead } from "../../data/query";
import { count, type Language, spanText } from "../../text/format";
import { lists as text } from "../../text/lists";
import { useSay, useSurroundings } from "../../text/surroundings";
import type { SayOf } from "../../text/words";
import { Confirm } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { toast } from "../../ui/toast";

const kinds: readonly HoldKind[] = ["connection", "recipe", "connector", "hub"];
// The hub has no name beside its kind.
export const nameOf = (hold: Pick<Hold, "kind" | "name">, say: SayOf<typeof text>): string =>
  hold.kind === "hub" ? say("hold.kind.hub") : hold.name;
const changed = () => renew(["holds"], ["overview"], ["recipes"], ["connections"]);
const isSpan = (span: string): boolean => /^[1-9][0-9]{0,5}(s|m|h|d)$/.test(span);

// given: what is to be held, where that is known already, or the hold that lets go and is to hold again.
export function HoldDialog({ given, close }: { given?: Pick<Hold, "kind" | "name"> | Hold; close: () => void }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const again = given && "id" in given ? given : null; // it was there before, and lets go
  const [kind, setKind] = useState<HoldKind>(given?.kind ?? "connection");
  const [chosen, setChosen] = useState(given?.name ?? "");
  const [reason, setReason] = useState(again?.reason ?? "");
  const [until, setUntil] = useState("");
  const [expiry, setExpiry] = useState<Rule>(again ? ruleFrom(again) : noRule);
  const recipes = useRead(["recipes"], recipesApi.list).value ?? [];
  const connections = useRead(["connections"], connectionsApi.list).value ?? [];
  const names = {
    hub: [],
    recipe: recipes.map((one) => ({ name: one.name, title: one.title || one.name })),
    connection: connections.map((one) => ({ name: one.name, title: one.name })),
    connector: [...new Set(connections.map((one) => one.connector))].map((name) => ({ name, title: name })),
  }[kind];
  const name = given?.name ?? (names.some((one) => one.name === chosen) ? chosen : (names[0]?.name ?? ""));
  const shown = nameOf({ kind, name }, say);
  const untilMs = until === "" ? null : new Date(until).getTime();
  return (
    <Confirm
      title={given ? say("hold.title", { name: shown }) : say("hold")}
      text={again ? say("hold.again.text", { count: count(again.queued, language) }) : say("held.lead")}
      verb={say("hold.go")}
      ready={(kind === "hub" || name !== "") && isRule(expiry)}
      act={() =>
        holdsApi.make({
          kind,
          ...(kind === "hub" ? {} : { name }),
          reason: reason.trim(),
          ...(untilMs === null ? {} : { until_ms: untilMs }),
          ...ruleOf(expiry),
        })
      }
      close={close}
      done={() => {
        toast(say("hold.done", { name: shown }));
        changed();
      }}
    >
      {!given && (
        <div className="fields">
          <Field name={say("hold.what")}>
            {(tied) => (
              <select {...tied} value={kind} onChange={(change) => setKind(change.target.value as HoldKind)}>
                {kinds.map((one) => (
                  <option key={one} value={one}>
                    {say(`hold.kind.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {kind !== "hub" && (
            <Field name={say("hold.name")}>
              {(tied) => (
                <select {...tied} value={name} onChange={(change) => setChosen(change.target.value)}>
                  {names.map((one) => (
                    <option key={one.name} value={one.name}>
                      {one.title}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
        </div>
      )}
      <Field name={say("hold.reason")} help={say("hold.reason.help")}>
        {(tied) => (
          <input
            {...tied}
            type="text"
            maxLength={200}
            value={reason}
            onChange={(change) => setReason(change.target.value)}
          />
        )}
      </Field>
      <Field name={say("hold.until")} help={say("hold.until.help")}>
        {(tied) => (
          <input {...tied} type="datetime-local" value={until} onChange={(change) => setUntil(change.target.value)} />
        )}
      </Field>
      <RuleFields rule={expiry} set={setExpiry} />
    </Confirm>
  );
}

// What may be done about a hold: one that is being released goes on at another pace, or holds again.
const deeds = { holding: ["release"], releasing: ["release.change", "hold.again"] } as const;
export type Deed = (typeof deeds)[Hold["state"]][number];
export const deedsOf = (hold: Hold): readonly Deed[] => deeds[hold.state];

// "30 a minute, 120 left"
export function paceText(hold: Hold, say: SayOf<typeof text>, language: Language): string {
  const left = count(hold.queued, language);
  return hold.per_minute
    ? say("hold.pace", { count: count(hold.per_minute, language), left })
    : say("hold.pace.free", { left });
}

export function HoldDeed({ deed, hold, close }: { deed: Deed; hold: Hold; close: () => void }) {
  if (deed === "hold.again") return <HoldDialog given={hold} close={close} />;
  return <ReleaseDialog hold={hold} close={close} />;
}

function ReleaseDialog({ hold, close }: { hold: Hold; close: () => void }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const [pace, setPace] = useState(hold.per_minute ? String(hold.per_minute) : "");
  const [expiry, setExpiry] = useState<Rule>(ruleFrom(hold));
  const right = pace === "" || /^[1-9][0-9]{0,5}$/.test(pace);
  const begun = hold.state === "releasing";
  return (
    <Confirm
      title={say(begun ? "release.change.title" : "release.title", { name: nameOf(hold, say) })}
      text={say(begun ? "release.change.text" : "release.text", { count: count(hold.queued, language) })}
      verb={say(begun ? "release.change" : "release")}
      ready={right && isRule(expiry)}
      act={() => holdsApi.release(hold.id, { ...(pace === "" ? {} : { per_minute: Number(pace) }), ...ruleOf(expiry) })}
      close={close}
      refused={changed}
      done={() => {
        toast(say(begun ? "release.changed" : "release.done", { name: nameOf(hold, say) }));
        changed();
      }}
    >
      <Field
        name={say("release.pace")}
        help={say("release.pace.help")}
        wrong={right ? null : say("release.pace.wrong")}
      >
        {(tied) => (
          <input
            {...tied}
            inputMode="numeric"
            value={pace}
            onChange={(change) => setPace(change.target.value.trim())}
          />
        )}
      </Field>
      <RuleFields rule={expiry} set={setExpiry} kept={hold.expire_after_ms !== null} />
    </Confirm>
  );
}

interface Rule {
  deed: "never" | "skip" | "cancel";
  after: string;
}
const noRule: Rule = { deed: "never", after: "6h" };
const ruleFrom = (hold: Hold): Rule =>
  hold.expire_after_ms === null ? noRule : { deed: hold.expire_then, after: spanText(hold.expire_after_ms) };
const isRule = (rule: Rule): boolean => rule.deed === "never" || isSpan(rule.after);
const ruleOf = (rule: Rule): Expiry =>
  rule.deed === "never" ? {} : { expire_after: rule.after, expire_then: rule.deed };

// kept: the hold has a rule, which a release can change and not take away.
function RuleFields({ rule, set, kept }: { rule: Rule; set: (rule: Rule) => void; kept?: boolean }): ReactNode {
  const say = useSay(text);
  const offered = (["never", "skip", "cancel"] as const).filter((deed) => !kept || deed !== "never");
  return (
    <>
      <Field name={say("hold.expire")} help={say("hold.expire.help")}>
        {(tied) => (
          <select
            {...tied}
            value={rule.deed}
            onChange={(change) => set({ ...rule, deed: change.target.value as Rule["deed"] })}
          >
            {offered.map((deed) => (
              <option key={deed} value={deed}>
                {say(`hold.expire.${deed}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {rule.deed !== "never" && (
        <Field name={say("hold.expire.after")} wrong={isSpan(rule.after) ? null : say("hold.expire.wrong")}>
          {(tied) => (
            <input
              {...tied}
              type="text"
              value={rule.after}
              onChange={(change) => set({ ...rule, after: change.target.value.trim() })}
            />
          )}
        </Field>
      )}
    </>
  );
}
