// A new token: what it is for, its role, what of that it may, and until when.
import { useState } from "react";
import type { Role } from "../../api/me";
import { tokensApi } from "../../api/settings";
import { settings as text } from "../../text/settings";
import { useSay } from "../../text/surroundings";
import { Confirm } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { NameField } from "./name_field";
import { RoleChoice } from "./role_choice";
import { areas, mayWrite, type Reach, reachOf, withinRole, withReach } from "./scopes";

export interface Made {
  name: string;
  token: string;
}
const expiries = ["90d", "30d", "365d", "never"] as const;

export function MakeToken(props: { close: () => void; made: (made: Made) => void; done: () => void }) {
  const say = useSay(text);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [isAll, setAll] = useState(true);
  const [scopes, setScopes] = useState<string[]>([]);
  const [expiry, setExpiry] = useState<(typeof expiries)[number]>("90d");
  const chosen = withinRole(scopes, role);
  return (
    <Confirm
      title={say("tokens.make")}
      verb={say("tokens.go")}
      ready={name.trim() !== "" && (isAll || chosen.length > 0)}
      act={async () => {
        const wanted = { name: name.trim(), role, scopes: isAll ? [] : chosen };
        const made = await tokensApi.make(expiry === "never" ? wanted : { ...wanted, expires_in: expiry });
        props.made({ name: wanted.name, token: made.token });
      }}
      close={props.close}
      done={props.done}
    >
      <NameField title={say("tokens.name")} name={name} set={setName} />
      <RoleChoice role={role} set={setRole} />
      <fieldset className="options">
        <legend>{say("tokens.scopes")}</legend>
        <label>
          <input type="radio" name="all" checked={isAll} onChange={() => setAll(true)} />
          <span>{say("tokens.all")}</span>
        </label>
        <label>
          <input type="radio" name="all" checked={!isAll} onChange={() => setAll(false)} />
          <span>{say("tokens.some")}</span>
        </label>
        {!isAll && (
          <div className="scopes">
            {areas.map((area) => (
              <label key={area}>
                <span>{say(`area.${area}`)}</span>
                <select
                  value={reachOf(chosen, area)}
                  onChange={(change) => setScopes(withReach(scopes, area, change.target.value as Reach))}
                >
                  <option value="none">{say("reach.none")}</option>
                  <option value="read">{say("reach.read")}</option>
                  {mayWrite(role, area) && <option value="write">{say("reach.write")}</option>}
                </select>
              </label>
            ))}
            {chosen.length === 0 && <p className="muted">{say("tokens.some.none")}</p>}
          </div>
        )}
      </fieldset>
      <Field name={say("tokens.expiry")}>
        {(tied) => (
          <select
            {...tied}
            value={expiry}
            onChange={(change) => setExpiry(expiries.find((one) => one === change.target.value) ?? "90d")}
          >
            {expiries.map((one) => (
              <option key={one} value={one}>
                {say(`tokens.expiry.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Confirm>
  );
}
