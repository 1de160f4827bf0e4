// A list that is read whole: a finder where it is long, what is wrong, what to learn when there is nothing.
import { type ReactNode, useState } from "react";
import type { Reading } from "../data/query";
import { Skeleton } from "../ui/page";
import { type Column, Table } from "../ui/table";
import { Trouble } from "../ui/trouble";

const searchedFrom = 8; // fewer are seen at a glance

interface FoundTableProps<T> {
  list: Reading<readonly T[]>;
  label: string;
  columns: readonly Column<T>[];
  id: (row: T) => string | number;
  words: (row: T) => string; // in which it is looked for
  find: string; // on the finder
  none: string; // when nothing was found
  empty: ReactNode;
}

export function FoundTable<T>(props: FoundTableProps<T>) {
  const { value, trouble, again } = props.list;
  const [sought, setSought] = useState("");
  const lower = sought.trim().toLowerCase();
  const rows = (value ?? []).filter((row) => props.words(row).toLowerCase().includes(lower));
  return (
    <>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {!value && !trouble && <Skeleton />}
      {value && value.length >= searchedFrom && (
        <input
          type="search"
          className="finder"
          aria-label={props.find}
          placeholder={props.find}
          value={sought}
          onChange={(change) => setSought(change.target.value)}
        />
      )}
      {value?.length === 0 && props.empty}
      {value && value.length > 0 && rows.length === 0 && <p className="muted">{props.none}</p>}
      {rows.length > 0 && <Table label={props.label} columns={props.columns} rows={rows} id={props.id} />}
    </>
  );
}
