import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { AppShell } from '../src';

afterEach(cleanup);

test('the title is the page heading and the children are its main region', () => {
  render(<AppShell title="Orders & <returns>">three open orders</AppShell>);

  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Orders & <returns>');
  expect(screen.getByRole('main').textContent).toBe('three open orders');
});

test('actions stand in the header', () => {
  render(
    <AppShell title="Orders" actions={<a href="/help">Help</a>}>
      three open orders
    </AppShell>,
  );

  expect(screen.getByRole('banner').contains(screen.getByRole('link', { name: 'Help' }))).toBe(
    true,
  );
});
