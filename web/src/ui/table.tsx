// A table whose rows become cards on a phone. For lists of unbounded length see pages/runs/table.tsx.
import { type ReactNode, type RefObject, useRef } from "react";
import { useSurroundings } from "../text/surroundings";
import { useDeeds } from "./deeds";

export interface Column<T> {
  id: string;
  name: string; // its head, and its label on a card
  cell: (row: T) => ReactNode; // null: left out of the card
  main?: boolean; // the row's title: takes what room there is, comes first on a card
  number?: boolean;
  bare?: boolean; // says itself what it is: no label on a card, nothing where it is empty
  deeds?: boolean; // buttons: neither head nor label, at the end of a card
}
interface TableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  id: (row: T) => string | number;
  state?: (row: T) => string | undefined; // data-state of the row
}

export function Table<T>({ label, columns, rows, id, state }: TableProps<T>) {
  const table = useRef<HTMLTableElement>(null);
  useWalk(table);
  return (
    // The roles are said outright: on a phone the rows are laid out as cards, and lose what a table implies.
    <table className="table" role="table" aria-label={label} ref={table}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.id} role="columnheader" scope="col" data-number={column.number || undefined}>
              {column.deeds ? <span className="offstage">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={id(row)} role="row" data-row-state={state?.(row)}>
            {columns.map((column) => {
              const cell = column.cell(row);
              return (
                <td
                  key={column.id}
                  role="cell"
                  data-main={column.main || undefined}
                  data-number={column.number || undefined}
                  data-deeds={column.deeds || undefined}
                  data-empty={cell === null || undefined}
                >
                  {!column.main && !column.bare && !column.deeds && <span className="label">{column.name} </span>}
                  {cell ?? (!column.bare && !column.deeds && <span className="muted">–</span>)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// j and k, or the arrows, go from row to row: to the first thing in it that can be pressed. Of several tables it is the one
// in which the reader is, else the first in sight.
function useWalk(table: RefObject<HTMLTableElement | null>): void {
  useDeeds((deed) => {
    const here = table.current;
    if (!here || (deed !== "next" && deed !== "previous")) return false;
    const shown = [...document.querySelectorAll<HTMLTableElement>(".table")].filter((one) => one.offsetParent !== null);
    const mine = shown.find((one) => one.contains(document.activeElement)) ?? shown[0];
    if (mine !== here) return false;
    const stops = [...here.querySelectorAll("tbody > tr")].map((row) => row.querySelector<HTMLElement>("a, button"));
    const at = stops.findIndex((_, index) =>
      here.querySelectorAll("tbody > tr")[index]?.contains(document.activeElement),
    );
    const to = at < 0 ? 0 : at + (deed === "next" ? 1 : -1);
    stops[to]?.focus();
    return stops.length > 0;
  });
}

// The end of a paged list: more of it, or that this is all.
export function ListEnd({ more, reading, older }: { more: boolean; reading: boolean; older: () => void }) {
  const { say } = useSurroundings();
  return (
    <p className="list-end">
      {more ? (
        <button type="button" onClick={older} disabled={reading}>
          {say(reading ? "list.older.reading" : "list.older")}
        </button>
      ) : (
        <span className="muted">{say("list.end")}</span>
      )}
    </p>
  );
}
