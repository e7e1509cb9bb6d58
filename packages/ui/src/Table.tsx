import type { ReactNode } from 'react';

import { classNames } from './classNames';

export interface Column<Row> {
  /** Unique among the columns. */
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** A header that only a screen reader needs, such as that of a column of buttons. */
  hideHeader?: boolean;
  align?: 'start' | 'end';
  className?: string;
  /** The column that names its row, for screen readers. */
  namesRow?: boolean;
}

export interface TableProps<Row> {
  /** Names the table. It is not shown: a heading usually stands above. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** Rows of the same kind. For none at all, show an `EmptyState` instead. */
export function Table<Row>({ caption, columns, rows, rowKey }: TableProps<Row>) {
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line text-muted">
          {columns.map((column) => (
            <th
              key={column.key}
              scope="col"
              className={classNames('px-5 py-2.5 font-medium', alignment(column), column.className)}
            >
              {column.hideHeader === true ? (
                <span className="sr-only">{column.header}</span>
              ) : (
                column.header
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {rows.map((row) => (
          <tr key={rowKey(row)} className="align-top">
            {columns.map((column) => {
              const Cell = column.namesRow === true ? 'th' : 'td';
              return (
                <Cell
                  key={column.key}
                  scope={column.namesRow === true ? 'row' : undefined}
                  className={classNames(
                    'px-5 py-3 font-normal',
                    alignment(column),
                    column.className,
                  )}
                >
                  {column.cell(row)}
                </Cell>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function alignment<Row>(column: Column<Row>): string {
  return column.align === 'end' ? 'text-right' : 'text-left';
}
