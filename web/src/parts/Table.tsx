import type { ComponentChildren, JSX } from "preact";
import "./stacks.css";

export interface Column<Row> {
  head: ComponentChildren;
  cell: (row: Row) => ComponentChildren;
  number?: boolean;
  /** Names the column where its head is no text. */
  label?: string;
  /** On a phone: whether it takes a line for itself, and whether its head stands before its value. */
  wide?: boolean;
  named?: boolean;
}

interface Properties<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
  /** What is said in place of rows. */
  empty?: ComponentChildren;
  /** Whether a row becomes a few lines on a phone; without it a wide table is scrolled. */
  stacks?: boolean;
}

/** A table; `j` and `k` go through its rows by the first link of each. */
export function Table<Row>({ caption, columns, rows, rowKey, empty, stacks = false }: Properties<Row>): JSX.Element {
  if (rows.length === 0 && empty !== undefined) return <div class="empty">{empty}</div>;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={caption}>
      <table class={stacks ? "table stacks" : "table"}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, place) => (
              <th key={place} scope="col" class={column.number ? "number" : undefined}>
                {column.head}
                {column.label && <span class="visually-hidden">{column.label}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-row>
              {columns.map((column, place) => (
                <td
                  key={place}
                  class={[column.number && "number", column.wide && "wide"].filter(Boolean).join(" ") || undefined}
                  data-head={column.named && typeof column.head === "string" ? column.head : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
