// Throughput as a picture: what came in, what began, what failed; a slot under the pointer is told in words.
import { type MouseEvent, useState } from "react";
import type { Slot, Throughput } from "../../api/status";
import { go, Link } from "../../shell/router";
import { clockTime, count, period } from "../../text/format";
import { overview as text } from "../../text/overview";
import { useSay, useSurroundings } from "../../text/surroundings";
import { Fold } from "../../ui/code";
import { Table } from "../../ui/table";
import { runsAddress } from "../runs/address";
import { area, line, niceTop } from "./scale";

const size = { width: 1000, height: 220 };

export function Chart({ data }: { data: Throughput }) {
  const say = useSay(text);
  const { language, nowMs } = useSurroundings();
  const [at, setAt] = useState<number | null>(null);
  const { slots, step_ms } = data;
  const most = Math.max(1, ...slots.map((slot) => Math.max(slot.events, slot.started)));
  const top = niceTop(most);
  const sum = (name: "events" | "started" | "failed") => slots.reduce((total, slot) => total + slot[name], 0);
  const number = (value: number) => count(value, language);
  const time = (ms: number) => clockTime(ms, nowMs(), language);
  const step = period(step_ms, language);
  const told = at === null ? undefined : slots[at];
  const under = (event: MouseEvent<SVGSVGElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * slots.length);
    return Math.max(0, Math.min(slots.length - 1, index));
  };
  const runsOf = (slot: Slot) => runsAddress({ from_ms: slot.at_ms, until_ms: slot.at_ms + step_ms });
  const wide = size.width / Math.max(1, slots.length);
  const middle = (index: number) => (index + 0.5) * wide;
  const heights = (name: "events" | "started") => slots.map((slot) => (slot[name] / top) * size.height);
  const marks = [0, 0.25, 0.5, 0.75, 1];
  return (
    <figure className="chart">
      <figcaption>
        <span className="key" data-series="events">
          {say("series.events")} <b>{number(sum("events"))}</b>
        </span>
        <span className="key" data-series="started">
          {say("series.started")} <b>{number(sum("started"))}</b>
        </span>
        <span className="key" data-series="failed">
          {say("series.failed")} <b>{number(sum("failed"))}</b>
        </span>
        <span className="told">
          {told
            ? say("chart.at", {
                time: time(told.at_ms),
                events: number(told.events),
                started: number(told.started),
                failed: number(told.failed),
              })
            : say("chart.per", { step })}
        </span>
      </figcaption>
      <div className="plot">
        <span className="top">{number(top)}</span>
        <svg
          viewBox={`0 0 ${size.width} ${size.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={say("chart.label", {
            events: number(sum("events")),
            started: number(sum("started")),
            failed: number(sum("failed")),
            most: number(Math.max(0, ...slots.map((slot) => slot.events))),
            step,
          })}
          onPointerMove={(event) => setAt(under(event))}
          onPointerLeave={() => setAt(null)}
          onClick={(event) => {
            const slot = slots[under(event)];
            if (slot) go(runsOf(slot));
          }}
        >
          <path className="grid" d={`M0 ${size.height / 2}H${size.width}M0 .5H${size.width}`} />
          {at !== null && <rect className="here" x={at * wide} y="0" width={wide} height={size.height} />}
          <path className="events-area" d={area(heights("events"), size)} />
          <path className="events-line" d={line(heights("events"), size)} />
          <path className="started-line" d={line(heights("started"), size)} />
          {slots.map((slot, index) =>
            slot.failed === 0 ? null : (
              <rect
                key={slot.at_ms}
                className="failed-bar"
                x={middle(index) - Math.max(1.5, wide * 0.35)}
                width={Math.max(3, wide * 0.7)}
                y={size.height - Math.max(6, (slot.failed / top) * size.height)}
                height={Math.max(6, (slot.failed / top) * size.height)}
              />
            ),
          )}
        </svg>
        <p className="times" aria-hidden="true">
          {marks.map((mark) => {
            const slot = slots[Math.min(slots.length - 1, Math.floor(mark * slots.length))];
            return <span key={mark}>{slot && time(slot.at_ms)}</span>;
          })}
        </p>
      </div>
      <Fold title={say("chart.table")}>
        <Table
          label={say("throughput")}
          rows={slots
            .filter((slot) => slot.events + slot.started + slot.failed > 0)
            .toReversed()
            .slice(0, 30)}
          id={(slot) => slot.at_ms}
          columns={[
            {
              id: "at",
              name: say("chart.time"),
              main: true,
              cell: (slot) => <Link href={runsOf(slot)}>{time(slot.at_ms)}</Link>,
            },
            { id: "events", name: say("series.events"), number: true, cell: (slot) => number(slot.events) },
            { id: "started", name: say("series.started"), number: true, cell: (slot) => number(slot.started) },
            { id: "failed", name: say("series.failed"), number: true, cell: (slot) => number(slot.failed) },
          ]}
        />
      </Fold>
    </figure>
  );
}
