// A paged list as a table: what is read so far, what is wrong, what to learn when there is nothing.
import type { ReactNode } from "react";
import type { Paged } from "../data/paged";
import { Skeleton } from "../ui/page";
import { type Column, ListEnd, Table } from "../ui/table";
import { Trouble } from "../ui/trouble";

interface PagedTableProps<T> {
  list: Paged<T>;
  label: string;
  columns: readonly Column<T>[];
  id: (row: T) => string | number;
  empty: ReactNode;
}

export function PagedTable<T>({ list, label, columns, id, empty }: PagedTableProps<T>) {
  const { rows, trouble } = list;
  return (
    <>
      {trouble && <Trouble trouble={trouble} again={list.again} />}
      {!rows && !trouble && <Skeleton />}
      {rows?.length === 0 && empty}
      {rows && rows.length > 0 && (
        <>
          <Table label={label} columns={columns} rows={rows} id={id} />
          <ListEnd {...list} />
        </>
      )}
    </>
  );
}
