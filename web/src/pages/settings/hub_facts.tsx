// The hub itself: version, addresses, and its clock, which can be moved where it is a virtual one.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { hubApi } from "../../api/settings";
import { statusApi } from "../../api/status";
import { live, useCan } from "../../data/hub";
import { useRead } from "../../data/query";
import { settings as text } from "../../text/settings";
import { Ago, Moment, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Fact, Facts, Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";

const hour = 3_600_000;
const steps = { "1h": hour, "1d": 24 * hour, "7d": 168 * hour } as const;

export function HubFacts() {
  const say = useSay(text);
  const { value, trouble, again } = useRead(["status"], statusApi.status, { every: 10_000 });
  const mayMove = useCan("own");
  if (!value) return trouble ? <Trouble trouble={trouble} again={again} /> : <Skeleton />;
  const { clock } = value;
  return (
    <>
      <Section title={say("tab.hub")}>
        <Facts>
          <Fact name={say("hub.version")}>{value.version}</Fact>
          <Fact name={say("hub.started")}>
            <Ago at={value.started_ms} />
          </Fact>
          <Fact name={say("hub.public")}>{value.public_url ?? say("hub.public.none")}</Fact>
          {value.ended_cleanly !== undefined && (
            <Fact name={say("hub.ended")}>{say(value.ended_cleanly ? "hub.ended.clean" : "hub.ended.crash")}</Fact>
          )}
          <Fact name={say("hub.clock")}>
            {say(clock.kind === "real" ? "hub.clock.real" : "hub.clock.virtual")} · <Moment at={clock.now_ms} />
          </Fact>
        </Facts>
        <p>
          <a href="/api/v1/openapi.json" target="_blank" rel="noopener">
            {say("hub.api")}
          </a>
        </p>
      </Section>
      {clock.kind === "virtual" && mayMove && <MoveClock now={clock.now_ms} moved={again} />}
    </>
  );
}

function MoveClock({ now, moved }: { now: number; moved: () => void }) {
  const say = useSay(text);
  const [state, setState] = useState<"idle" | "working">("idle");
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const move = async (by: number) => {
    setState("working");
    setTrouble(null);
    try {
      await hubApi.moveClock(new Date(now + by).toISOString());
      live.refresh();
      moved();
    } catch (cause) {
      setTrouble(troubleOf(cause));
    }
    setState("idle");
  };
  return (
    <Section title={say("hub.clock.move")}>
      <p className="muted">{say("hub.clock.text")}</p>
      <p className="row-of-buttons">
        {say("hub.clock.by")}
        {(Object.keys(steps) as (keyof typeof steps)[]).map((step) => (
          <Button key={step} disabled={state === "working"} onClick={() => void move(steps[step])}>
            {say(`hub.clock.${step}`)}
          </Button>
        ))}
      </p>
      {trouble && <Trouble trouble={trouble} />}
    </Section>
  );
}
