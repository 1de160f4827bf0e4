// A secret is changed: the old one may verify deliveries for a while, or goes at once where it has leaked.
import { useState } from "react";
import { type Connection, connectionsApi } from "../../api/connections";
import { renew } from "../../data/query";
import { connections as text } from "../../text/connections";
import { useSay } from "../../text/surroundings";
import { Confirm } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { connectionsKey } from "./parts";

const overlaps = ["24h", "1h", "7d", "0"] as const;

export function Rotate(props: { connection: Connection; slot: string; title: string; close: () => void }) {
  const { connection, slot, title, close } = props;
  const say = useSay(text);
  const [secret, setSecret] = useState("");
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]>("24h");
  return (
    <Confirm
      title={say("rotate.title", { slot: title })}
      text={say("rotate.text")}
      verb={say("rotate.go")}
      ready={secret.trim().length >= 6}
      act={() =>
        connectionsApi.rotate(
          connection.name,
          overlap === "0" ? { slot, secret: secret.trim(), drop_old: true } : { slot, secret: secret.trim(), overlap },
        )
      }
      close={close}
      done={() => renew(connectionsKey)}
    >
      <Field name={say("rotate.secret")} help={say("form.never")}>
        {(tied) => (
          <input
            {...tied}
            type="password"
            autoComplete="new-password"
            value={secret}
            onChange={(change) => setSecret(change.target.value)}
          />
        )}
      </Field>
      <Field name={say("rotate.overlap")}>
        {(tied) => (
          <select
            {...tied}
            value={overlap}
            onChange={(change) => setOverlap(overlaps.find((one) => one === change.target.value) ?? "24h")}
          >
            {overlaps.map((one) => (
              <option key={one} value={one}>
                {say(`rotate.overlap.${one}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </Confirm>
  );
}
