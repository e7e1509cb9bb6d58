import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { Card, EmptyState, Table, type Column } from '../src';

afterEach(cleanup);

interface Order {
  id: string;
  item: string;
  count: number;
}

const COLUMNS: Column<Order>[] = [
  { key: 'item', header: 'Item', cell: (order) => order.item, namesRow: true },
  { key: 'count', header: 'Count', cell: (order) => order.count, align: 'end' },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    cell: (order) => <button>Delete {order.item}</button>,
  },
];

test('a table is named, and so are its columns and its rows', () => {
  const rows = [
    { id: 'a', item: 'Tea', count: 2 },
    { id: 'b', item: 'Salt', count: 1 },
  ];
  render(
    <Table caption="Open orders" columns={COLUMNS} rows={rows} rowKey={(order) => order.id} />,
  );

  const table = screen.getByRole('table', { name: 'Open orders' });
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map((header) => header.textContent),
  ).toEqual(['Item', 'Count', 'Actions']);
  expect(
    within(table)
      .getAllByRole('rowheader')
      .map((header) => header.textContent),
  ).toEqual(['Tea', 'Salt']);
  expect(screen.getByRole('row', { name: 'Salt 1 Delete Salt' })).toBeDefined();
});

test('a card is a section named by its title, and one without is no landmark', () => {
  render(
    <>
      <Card title="Notes" actions={<button>Reload</button>}>
        <EmptyState title="No notes yet">Write the first one above.</EmptyState>
      </Card>
      <Card>plain</Card>
    </>,
  );
  const [region, ...others] = screen.getAllByRole('region');
  expect(others).toEqual([]);
  expect(screen.getByRole('region', { name: 'Notes' })).toBe(region);
  expect(screen.getByRole('heading', { level: 3 }).textContent).toBe('No notes yet');
});
