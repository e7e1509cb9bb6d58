import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { app, problem } from './backend';
import { page } from './page';

const it = page();

const cards = (section: string) =>
  within(screen.getByRole('region', { name: section }))
    .getAllByRole('heading', { level: 3 })
    .map((heading) => heading.textContent);

test('shows a card for each app, with its state and what it is for', async () => {
  it.backend.apps = [
    app('orders', { name: 'Orders & <b>', kind: 'product', state: 'starting' }),
    app('stock', { state: 'down' }),
  ];
  it.open();
  const link = await screen.findByRole('link', { name: 'Orders & <b>' });
  expect(link.getAttribute('href')).toBe('http://orders.localhost/');
  expect(cards('All apps')).toEqual(['Orders & <b>', 'Stock']);
  const [first, second] = screen.getAllByRole('listitem');
  expect(first?.textContent).toContain('Starting');
  expect(first?.textContent).toContain('What orders is for.');
  expect(first?.textContent).toContain('Product');
  expect(second?.textContent).toContain('Down');
  expect(screen.queryByText(/You are in/)).toBeNull();
});

test('says that it is loading until the apps are there', async () => {
  let finish: (answer: Response) => void = () => undefined;
  it.backend.overrides.set(
    'GET /api/apps',
    () => new Promise<Response>((resolve) => (finish = resolve)),
  );
  it.open();
  await screen.findByText('Loading your apps');
  finish(Response.json({ items: [], engine: 'reachable', admin: false, broken_manifests: [] }));
  await screen.findByText('No app is open to you yet');
  expect(screen.queryByText('Loading your apps')).toBeNull();
});

test('a person without any app is told who they are and how to go on', async () => {
  it.open();
  await screen.findByRole('heading', { level: 2, name: 'No app is open to you yet' });
  const text = screen.getByRole('main').textContent;
  expect(text).toContain('Ada Lovelace (ada@example.test)');
  expect(screen.getByRole('button', { name: 'Check again' })).toBeDefined();
  expect(screen.getByRole('button', { name: 'Sign out' })).toBeDefined();
});

test('/ leads to the search, which finds by any word, and Escape empties it', async () => {
  it.backend.apps = [
    app('orders', { description: 'Takes the orders of the phone desk.' }),
    app('stock', { tags: ['warehouse'] }),
    app('cafe', { name: 'Café', owner: 'Kitchen' }),
  ];
  it.open();
  await screen.findByRole('link', { name: 'Orders' });
  await userEvent.keyboard('/');
  const search = screen.getByRole('searchbox', { name: 'Search apps' });
  expect(document.activeElement).toBe(search);

  await userEvent.keyboard('phone ORD');
  expect(cards('Found')).toEqual(['Orders']);
  await userEvent.keyboard('{Escape}cafe');
  expect(cards('Found')).toEqual(['Café']);
  await userEvent.keyboard('{Escape}warehouse');
  expect(cards('Found')).toEqual(['Stock']);
  await userEvent.keyboard('{Escape}/');
  expect(search).toHaveProperty('value', '/');
  await screen.findByText('No app matches “/”');
  await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(cards('All apps')).toHaveLength(3);
  expect(document.activeElement).toBe(search);
});

test('what is in the name comes before what is only in the description', async () => {
  it.backend.apps = [
    app('a', { description: 'Not the stock.' }),
    app('b', { name: 'Old stock' }),
    app('stock'),
  ];
  it.open();
  await screen.findByRole('link', { name: 'Stock' });
  await userEvent.keyboard('/stock');
  expect(cards('Found')).toEqual(['Stock', 'Old stock', 'A']);
});

test('Enter in the search opens the first app found', async () => {
  it.backend.apps = [app('orders'), app('stock')];
  it.open();
  await screen.findByRole('link', { name: 'Orders' });
  await userEvent.keyboard('/sto');
  await userEvent.keyboard('{Enter}');
  await waitFor(() => {
    expect(it.left).toEqual(['http://stock.localhost/']);
  });
  expect(it.backend.calls).toContain('POST /api/apps/stock/openings');
});

test('arrows go from card to card, and back to the search', async () => {
  it.backend.apps = ['a', 'b', 'c', 'd', 'e'].map((slug) => app(slug));
  // Two columns, since jsdom computes no layout.
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const index = 'abcde'.indexOf(this.querySelector('h3')?.textContent.toLowerCase() ?? '');
    return new DOMRect((index % 2) * 300, Math.floor(index / 2) * 200, 280, 180);
  });
  it.open();
  await screen.findByRole('link', { name: 'A' });
  const focused = () => document.activeElement?.textContent;
  await userEvent.keyboard('/{ArrowDown}');
  expect(focused()).toBe('A');
  await userEvent.keyboard('{ArrowRight}');
  expect(focused()).toBe('B');
  await userEvent.keyboard('{ArrowDown}');
  expect(focused()).toBe('D');
  await userEvent.keyboard('{ArrowDown}');
  expect(focused()).toBe('E');
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  expect(focused()).toBe('E');
  await userEvent.keyboard('{ArrowLeft}{ArrowUp}');
  expect(focused()).toBe('B');
  await userEvent.keyboard('{ArrowUp}');
  expect(document.activeElement).toBe(screen.getByRole('searchbox'));
});

test('a favourite moves to the top, and back', async () => {
  it.backend.apps = [app('orders'), app('stock')];
  it.open();
  await userEvent.click(await screen.findByRole('button', { name: 'Favourite: Stock' }));
  expect(cards('Favourites')).toEqual(['Stock']);
  expect(cards('More apps')).toEqual(['Orders']);
  await waitFor(() => {
    expect(it.backend.calls).toContain('PUT /api/apps/stock/favourite');
  });
  const star = screen.getByRole('button', { name: 'Favourite: Stock' });
  expect(star.getAttribute('aria-pressed')).toBe('true');
  await userEvent.click(star);
  expect(cards('All apps')).toEqual(['Orders', 'Stock']);
});

test('a favourite that was not kept goes back, with the reason', async () => {
  it.backend.apps = [app('orders')];
  it.backend.overrides.set('PUT /api/apps/orders/favourite', () =>
    problem(503, 'the database is away'),
  );
  it.open();
  await userEvent.click(await screen.findByRole('button', { name: 'Favourite: Orders' }));
  await screen.findByText('The favourite was not kept: The database is away.');
  expect(cards('All apps')).toEqual(['Orders']);
});

test('what was opened is remembered, the latest first', async () => {
  it.backend.apps = [
    app('orders', { opened_at: '2026-11-20T10:00:00Z' }),
    app('stock', { opened_at: '2026-11-21T10:00:00Z' }),
    app('mail'),
  ];
  it.open();
  const recent = await screen.findByRole('navigation', { name: 'Recently used' });
  const names = () =>
    within(recent)
      .getAllByRole('link')
      .map((link) => link.lastChild?.textContent);
  expect(names()).toEqual(['Stock', 'Orders']);

  await userEvent.click(screen.getByRole('link', { name: 'Mail' }));
  expect(names()).toEqual(['Mail', 'Stock', 'Orders']);
  await waitFor(() => {
    expect(it.left).toEqual(['http://mail.localhost/']);
  });
  expect(it.backend.calls).toContain('POST /api/apps/mail/openings');
});

test('an app opens also where that can’t be remembered, and a new tab waits for nothing', async () => {
  it.backend.apps = [app('orders')];
  it.backend.overrides.set('POST /api/apps/orders/openings', () => new Promise(() => undefined));
  it.open();
  const link = await screen.findByRole('link', { name: 'Orders' });
  let prevented: boolean | null = null;
  window.addEventListener(
    'click',
    (event) => {
      prevented = event.defaultPrevented;
      event.preventDefault();
    },
    { once: true },
  );
  fireEvent.click(link, { ctrlKey: true });
  expect(prevented).toBe(false);
  expect(it.left).toEqual([]);

  await userEvent.click(link);
  await waitFor(() => {
    expect(it.left).toEqual(['http://orders.localhost/']);
  });
});

test('an admin sees why, and which manifests are broken', async () => {
  it.backend.admin = true;
  it.backend.apps = [
    app('orders', { access: { reason: 'group', groups: ['a', 'b'] } }),
    app('acme', { access: { reason: 'admin', groups: [] } }),
    app('docs', { access: { reason: 'everyone', groups: [] } }),
    app('gateway', { url: null, hidden: true }),
  ];
  it.backend.brokenManifests = [{ path: 'apps/x/app.manifest.yml', reason: 'line 3: no YAML' }];
  it.open();
  await screen.findByText('You are in a and b');
  screen.getByText('You may not use it; you see it as an admin');
  screen.getByText('Open to everyone who signed in');
  screen.getByText('Only admins see it here');
  const broken = screen.getByText('Some manifests can’t be read').parentElement?.textContent;
  expect(broken).toContain('apps/x/app.manifest.yml: line 3: no YAML');
  expect(screen.getByRole('link', { name: 'Gateway' }).getAttribute('href')).toBe('/apps/gateway');
});

test('without the engine it says that states are unknown, and shows the apps', async () => {
  it.backend.engine = 'unreachable';
  it.backend.apps = [app('orders', { state: 'unknown' })];
  it.open();
  await screen.findByRole('link', { name: 'Orders' });
  screen.getByText(/can’t be told at the moment/);
  screen.getByText('Unknown');
});

test.each([
  ['no connection', null, 'Are you online?'],
  ['a problem', () => problem(503, 'the sign-in service is away'), 'The sign-in service is away.'],
  [
    'a page of a proxy',
    () => new Response('<h1>Bad Gateway', { status: 502 }),
    'The answer was 502.',
  ],
])('apps that cannot be loaded can be asked for again: %s', async (_, override, message) => {
  it.backend.overrides.set('GET /api/apps', override);
  it.open();
  const alert = await screen.findByText('Your apps could not be loaded');
  expect(alert.parentElement?.textContent).toContain(message);

  it.backend.overrides.clear();
  it.backend.apps = [app('orders')];
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('link', { name: 'Orders' });
});

test('the states are asked for again, and a failure leaves what there was', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    it.backend.apps = [app('orders', { state: 'starting' })];
    it.open();
    await screen.findByText('Starting');
    it.backend.apps = [app('orders', { state: 'up' })];
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    await screen.findByText('Up');

    it.backend.overrides.set('GET /api/apps', null);
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    await screen.findByText('This may be out of date');
    expect(cards('All apps')).toEqual(['Orders']);

    it.backend.overrides.clear();
    fireEvent(document, new Event('visibilitychange'));
    await waitFor(() => {
      expect(screen.queryByText('This may be out of date')).toBeNull();
    });
  } finally {
    vi.useRealTimers();
  }
});
