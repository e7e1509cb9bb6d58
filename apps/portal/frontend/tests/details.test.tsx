import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { app, problem } from './backend';
import { page } from './page';

const it = page();

const ORDERS = app('orders', {
  owner: 'sales',
  tags: ['shop'],
  links: [{ title: 'API description', url: 'http://orders.localhost/api/openapi.json' }],
  depends_on: [{ slug: 'stock', name: 'Stock', state: 'up' }],
  depended_on_by: [{ slug: 'mail', name: 'A mail app with a very long name', state: 'down' }],
  events_publish: [{ name: 'order.placed', apps: [{ slug: 'mail', name: 'Mail', state: 'up' }] }],
  events_subscribe: [{ name: 'stock.low', apps: [] }],
});

test('the card leads to the app’s details, and back', async () => {
  it.backend.apps = [ORDERS];
  it.open();
  await userEvent.click(await screen.findByRole('link', { name: 'Details of Orders' }));
  await screen.findByRole('heading', { level: 1, name: 'Orders' });
  expect(location.pathname).toBe('/apps/orders');

  await userEvent.click(screen.getByRole('link', { name: 'All apps' }));
  await screen.findByRole('heading', { level: 1, name: 'Hello, Ada Lovelace' });
  expect(location.pathname).toBe('/');
});

test('shows owner, links, dependencies and events', async () => {
  it.backend.apps = [ORDERS];
  it.open('/apps/orders');
  await screen.findByRole('heading', { level: 1, name: 'Orders' });
  const about = screen.getByRole('region', { name: 'About' });
  expect(about.textContent).toContain('Ownersales');
  expect(about.textContent).toContain('Tagsshop');
  expect(within(about).getByRole('link', { name: 'API description' }).getAttribute('href')).toBe(
    'http://orders.localhost/api/openapi.json',
  );

  const dependencies = screen.getByRole('region', { name: 'Dependencies' });
  expect(
    within(dependencies)
      .getAllByRole('link')
      .map((link) => link.textContent),
  ).toEqual(['Stock', 'A mail app with a very long name']);
  const drawn = screen.getByTestId('graph');
  expect([...drawn.querySelectorAll('text')].map((text) => text.textContent)).toEqual([
    'A mail app with a v…',
    'Orders',
    'Stock',
  ]);
  expect(drawn.querySelectorAll('path[marker-end]')).toHaveLength(2);

  const events = screen.getByRole('region', { name: 'Events' });
  expect(events.textContent).toContain('order.placedHeard byMail');
  expect(events.textContent).toContain('stock.lowPublished byNo app that you may see.');
  expect(screen.queryByRole('region', { name: 'Who sees it' })).toBeNull();
});

test('a neighbour in the graph leads to its own page', async () => {
  it.backend.apps = [ORDERS, app('stock')];
  it.open('/apps/orders');
  await screen.findByRole('heading', { level: 1, name: 'Orders' });
  await userEvent.click(within(screen.getByTestId('graph')).getByText('Stock'));
  await screen.findByRole('heading', { level: 1, name: 'Stock' });
  expect(location.pathname).toBe('/apps/stock');
  expect(screen.getByRole('region', { name: 'Dependencies' }).textContent).toContain(
    'depends on no other app',
  );
});

test('opening it from here counts', async () => {
  it.backend.apps = [ORDERS];
  it.open('/apps/orders');
  const open = await screen.findByRole('link', { name: 'Open' });
  expect(open.getAttribute('href')).toBe('http://orders.localhost/');
  await userEvent.click(open);
  await waitFor(() => {
    expect(it.left).toEqual(['http://orders.localhost/']);
  });
  expect(it.backend.calls).toContain('POST /api/apps/orders/openings');
});

test('an admin sees who may use it, why, and what runs', async () => {
  it.backend.apps = [
    app('acme', {
      url: null,
      access: { reason: 'admin', groups: [] },
      internals: {
        path: 'clients/acme',
        registered: false,
        hidden_because: 'it has no page',
        audience: { everyone: false, groups: ['acme-users', 'staff'] },
        services: [{ name: 'backend', state: 'exited', status: 'Exited (3) 1 minute ago' }],
      },
    }),
  ];
  it.open('/apps/acme');
  await screen.findByRole('heading', { level: 1, name: 'Acme' });
  const who = screen.getByRole('region', { name: 'Who sees it' }).textContent;
  expect(who).toContain('Members of acme-users or staff');
  expect(who).toContain('You may not use it; you see it as an admin');
  expect(who).toContain('Only admins see it: it has no page');
  const how = screen.getByRole('region', { name: 'How it runs' });
  expect(how.textContent).toContain('scalr up acme');
  expect(within(how).getByRole('row', { name: /Exited \(3\)/ }).textContent).toContain('backend');
  expect(screen.queryByRole('link', { name: 'Open' })).toBeNull();
});

test('an app that is none, or not open to the person', async () => {
  it.open('/apps/secret');
  await screen.findByRole('heading', { name: 'There is no such app' });
});

test('an app that cannot be loaded can be asked for again', async () => {
  it.backend.apps = [ORDERS];
  it.backend.overrides.set('GET /api/apps/orders', () => problem(503, 'the database is away'));
  it.open('/apps/orders');
  await screen.findByText('The app could not be loaded');
  it.backend.overrides.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { level: 1, name: 'Orders' });
});
