// What would be done again: which step, towards whom, how often.
import type { Effect } from "../../api/runs";
import { count } from "../../text/format";
import { run as text } from "../../text/run";
import { useBoth, useSay, useSurroundings } from "../../text/surroundings";
import { Badge, Icon } from "../../ui/marks";
import "./effects.css";

const shown = 5;

export function Effects({ effects }: { effects: readonly Effect[] }) {
  const say = useSay(text);
  const both = useBoth();
  const { language } = useSurroundings();
  if (effects.length === 0) return <p className="good">{say("effects.none")}</p>;
  const customers = effects.filter((one) => one.reaches === "customer").reduce((sum, one) => sum + one.count, 0);
  return (
    <div className="effects">
      {customers > 0 && (
        <p className="warn">
          <Icon shape="warning" />
          {say("effects.customers", { count: count(customers, language) })}
        </p>
      )}
      <ul className="plain-list">
        {effects.map((one) => (
          <li key={`${one.step} ${one.operation} ${one.connection}`}>
            <p className="line">
              <Badge tone={one.reaches === "customer" ? "in_doubt" : undefined}>
                {say(`reaches.${one.reaches ?? "system"}`)}
              </Badge>
              <b>{both(one.title) || one.operation}</b>
              <span>{say("effects.times", { count: count(one.count, language) })}</span>
              <small>
                <code>{one.step}</code> {one.connection}
              </small>
            </p>
            {one.to.length > 0 && (
              <small>
                {one.to.slice(0, shown).join(", ")}
                {one.to.length > shown && say("effects.others", { count: count(one.to.length - shown, language) })}
              </small>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
