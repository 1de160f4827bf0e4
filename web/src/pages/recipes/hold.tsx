// Holding a recipe: what it would send outward waits until it is released.
import { useState } from "react";
import type { Recipe } from "../../api/recipes";
import { holdsApi } from "../../api/repair";
import { useCan } from "../../data/hub";
import { renew } from "../../data/query";
import { Link } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Confirm } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { recipesKey } from "./parts";

export function HoldButton({ recipe }: { recipe: Recipe }) {
  const say = useSay(text);
  const mayOperate = useCan("operate");
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  if (!mayOperate) return null;
  if (recipe.hold)
    return (
      <Link className="button" href="/lists/held">
        {say("hold.release")}
      </Link>
    );
  const name = recipe.title || recipe.name;
  return (
    <>
      <Button icon="held" onClick={() => setAsking(true)}>
        {say("hold.do")}
      </Button>
      {asking && (
        <Confirm
          title={say("hold.title", { name })}
          text={say("hold.text")}
          verb={say("hold.do")}
          ready={reason.trim() !== ""}
          act={() => holdsApi.make({ kind: "recipe", name: recipe.name, reason: reason.trim() })}
          close={() => setAsking(false)}
          done={() => renew(recipesKey, ["holds"])}
        >
          <Field name={say("hold.reason")} help={say("hold.reason.help")}>
            {(tied) => (
              <input {...tied} value={reason} maxLength={200} onChange={(change) => setReason(change.target.value)} />
            )}
          </Field>
        </Confirm>
      )}
    </>
  );
}
