// The forms behind a hold: what to hold and how long, and how what waited goes out.
import { type ReactNode, useState } from "react";
import { connectionsApi } from "../../api/connections";
import { recipesApi } from "../../api/recipes";
import { type Expiry, type Hold, holdsApi } from "../../api/repair";
import type { HoldKind } from "../../api/runs";
import { renew, useRead } from "../../data/query";
import { count } from "../../text/format";
import { lists as text } from "../../text/lists";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Confirm } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { toast } from "../../ui/toast";

const kinds: readonly HoldKind[] = ["connection", "recipe", "connector"];
const changed = () => renew(["holds"], ["overview"], ["recipes"], ["connections"]);
const isSpan = (span: string): boolean => /^[1-9][0-9]{0,5}(s|m|h|d)$/.test(span);

// given: what is to be held, where that is known already.
export function HoldDialog({ given, close }: { given?: { kind: HoldKind; name: string }; close: () => void }) {
  const say = useSay(text);
  const [kind, setKind] = useState<HoldKind>(given?.kind ?? "connection");
  const [chosen, setChosen] = useState(given?.name ?? "");
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const [expiry, setExpiry] = useState<Rule>(noRule);
  const recipes = useRead(["recipes"], recipesApi.list).value ?? [];
  const connections = useRead(["connections"], connectionsApi.list).value ?? [];
  const names = {
    recipe: recipes.map((one) => ({ name: one.name, title: one.title || one.name })),
    connection: connections.map((one) => ({ name: one.name, title: one.name })),
    connector: [...new Set(connections.map((one) => one.connector))].map((name) => ({ name, title: name })),
  }[kind];
  const name = given?.name ?? (names.some((one) => one.name === chosen) ? chosen : (names[0]?.name ?? ""));
  const untilMs = until === "" ? null : new Date(until).getTime();
  return (
    <Confirm
      title={say("hold")}
      text={say("held.lead")}
      verb={say("hold.go")}
      ready={name !== "" && isRule(expiry)}
      act={() =>
        holdsApi.make({
          kind,
          name,
          reason: reason.trim(),
          ...(untilMs === null ? {} : { until_ms: untilMs }),
          ...ruleOf(expiry),
        })
      }
      close={close}
      done={() => {
        toast(say("hold.done", { name }));
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

export function ReleaseDialog({ hold, close }: { hold: Hold; close: () => void }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const [pace, setPace] = useState(hold.per_minute === null ? "" : String(hold.per_minute));
  const [expiry, setExpiry] = useState<Rule>(noRule);
  const right = pace === "" || /^[1-9][0-9]{0,5}$/.test(pace);
  return (
    <Confirm
      title={say("release.title", { name: hold.name })}
      text={say("release.text", { count: count(hold.queued, language) })}
      verb={say("release")}
      ready={right && isRule(expiry)}
      act={() => holdsApi.release(hold.id, { ...(pace === "" ? {} : { per_minute: Number(pace) }), ...ruleOf(expiry) })}
      close={close}
      done={() => {
        toast(say("release.done", { name: hold.name }));
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
      <RuleFields rule={expiry} set={setExpiry} />
    </Confirm>
  );
}

interface Rule {
  deed: "never" | "skip" | "cancel";
  after: string;
}
const noRule: Rule = { deed: "never", after: "6h" };
const isRule = (rule: Rule): boolean => rule.deed === "never" || isSpan(rule.after);
const ruleOf = (rule: Rule): Expiry =>
  rule.deed === "never" ? {} : { expire_after: rule.after, expire_then: rule.deed };

function RuleFields({ rule, set }: { rule: Rule; set: (rule: Rule) => void }): ReactNode {
  const say = useSay(text);
  return (
    <>
      <Field name={say("hold.expire")} help={say("hold.expire.help")}>
        {(tied) => (
          <select
            {...tied}
            value={rule.deed}
            onChange={(change) => set({ ...rule, deed: change.target.value as Rule["deed"] })}
          >
            {(["never", "skip", "cancel"] as const).map((deed) => (
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
