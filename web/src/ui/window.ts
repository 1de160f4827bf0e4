// Only the rows that can be seen are drawn: a list of tens of thousands costs what a screen of it costs.
import { type RefObject, useLayoutEffect, useRef, useState } from "react";

export interface Range {
  first: number;
  end: number; // one past the last
}
const spare = 12; // rows drawn beyond each edge

// Rows of one height, of which the list's top stands `top` px below the viewport's upper edge.
export function visible(top: number, viewport: number, height: number, count: number): Range {
  const first = Math.max(0, Math.floor(-top / height) - spare);
  const end = Math.min(count, Math.ceil((viewport - top) / height) + spare);
  return { first: Math.min(first, Math.max(0, count - 1)), end: Math.max(end, Math.min(count, first + 1)) };
}

// The range to draw of a list in the page's flow. `ids` keep the rows in sight where they are when others come above.
export function useWindow(list: RefObject<HTMLElement | null>, height: number, ids: readonly number[]): Range {
  const count = ids.length;
  const [range, setRange] = useState<Range>({ first: 0, end: Math.min(count, 40) });
  const anchor = useRef<number | null>(null);

  useLayoutEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const next = visible(top, innerHeight, height, count);
      anchor.current = top < 0 ? (ids[Math.floor(-top / height)] ?? null) : null;
      setRange((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    const moved = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    // What was in sight stays in sight.
    const top = list.current?.getBoundingClientRect().top ?? 0;
    if (anchor.current !== null && top < 0) {
      const was = Math.floor(-top / height);
      const is = ids.indexOf(anchor.current);
      if (is >= 0 && is !== was) scrollBy(0, (is - was) * height);
    }
    look();
    addEventListener("scroll", moved, { passive: true });
    addEventListener("resize", moved);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", moved);
      removeEventListener("resize", moved);
    };
  }, [list, height, count, ids]);
  return { first: Math.min(range.first, count), end: Math.min(Math.max(range.end, range.first), count) };
}
