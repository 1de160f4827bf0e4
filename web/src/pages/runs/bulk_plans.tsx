// What was begun over many runs, by whomever: what is under way stands above the list, all of it in a menu, each to look at again.
import { useState } from "react";
import { type BulkPlan, bulkApi } from "../../api/repair";
import { useWhyNot } from "../../data/hub";
import { useRead } from "../../data/query";
import { count } from "../../text/format";
import { runs as text } from "../../text/runs";
import { Ago, useSay, useSurroundings } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Menu } from "../../ui/menu";
import { bulkIcons } from "./bulk";
import { Progress, stopPlan } from "./bulk_progress";

const shown = 10; // in the menu

const usePlans = (): readonly BulkPlan[] => useRead(["bulk", "plans"], bulkApi.list, { every: 3_000 }).value ?? [];

export function PlansMenu() {
  const say = useSay(text);
  const { language } = useSurroundings();
  const plans = usePlans();
  const [open, setOpen] = useState<BulkPlan | null>(null);
  if (plans.length === 0) return null;
  return (
    <>
      <Menu
        label={say("plans")}
        items={plans.slice(0, shown).map((plan) => ({
          name: say("plan.line", {
            what: say(`bulk.${plan.action}`),
            done: count(plan.done, language),
            total: count(plan.total, language),
            state: say(`plan.state.${plan.state}`),
          }),
          icon: bulkIcons[plan.action],
          act: () => setOpen(plan),
        }))}
      />
      {open && <PlanDialog plan={open} close={() => setOpen(null)} />}
    </>
  );
}

export function PlansUnderWay() {
  const running = usePlans().filter((plan) => plan.state === "running");
  // Not in the bar: one that is looked at when it ends stays in sight.
  const [open, setOpen] = useState<BulkPlan | null>(null);
  return (
    <>
      {running.map((plan) => (
        <PlanBar key={plan.plan} plan={plan} look={() => setOpen(plan)} />
      ))}
      {open && <PlanDialog plan={open} close={() => setOpen(null)} />}
    </>
  );
}

function PlanBar({ plan, look }: { plan: BulkPlan; look: () => void }) {
  const say = useSay(text);
  const { language } = useSurroundings();
  const forbidden = useWhyNot("operate");
  const what = say(`bulk.${plan.action}`);
  const far = say("bulk.running", { done: count(plan.done, language), total: count(plan.total, language) });
  return (
    <section className="plan-bar" aria-label={say("plan.under_way", { what })}>
      <p className="line">
        <b>{what}</b>
        <span>{far}</span>
        <progress value={plan.done + plan.failed} max={plan.total} aria-label={far} />
        <small>
          {plan.by} · {plan.q === "" ? say("plan.chosen") : <code>{plan.q}</code>} · <Ago at={plan.made_ms} />
        </small>
      </p>
      <span className="buttons">
        <Button small onClick={look}>
          {say("plan.look")}
        </Button>
        <Button small why={forbidden} onClick={() => stopPlan(plan.plan)}>
          {say("bulk.stop")}
        </Button>
      </span>
    </section>
  );
}

function PlanDialog({ plan, close }: { plan: BulkPlan; close: () => void }) {
  const say = useSay(text);
  return (
    <Dialog title={say(`bulk.${plan.action}`)} close={close} wide>
      <p>
        {plan.q === "" ? say("plan.chosen") : <code>{plan.q}</code>}{" "}
        <small>
          {plan.by} · <Ago at={plan.made_ms} />
        </small>
      </p>
      <Progress plan={plan.plan} total={plan.total} close={close} />
    </Dialog>
  );
}
