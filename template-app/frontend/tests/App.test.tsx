import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { App } from '../src/App';

afterEach(cleanup);

function stubFetch() {
  const fetchStub = vi.fn<typeof fetch>();
  vi.stubGlobal('fetch', fetchStub);
  return fetchStub;
}

test('shows the name, then that the backend is healthy', async () => {
  const fetchStub = stubFetch().mockResolvedValue(
    Response.json({ status: 'ready', database: 'reachable' }),
  );

  render(<App name="Orders & <returns>" />);

  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Orders & <returns>');
  expect(screen.getByRole('status').textContent).toBe('Asking the backend…');
  await screen.findByText('The backend is healthy and has its database.');
  expect(fetchStub.mock.calls[0]?.[0]).toBe('/api/health/ready');
});

test.each([
  ['no database', () => Promise.resolve(new Response('{}', { status: 503 })), /has no database/],
  ['a gateway error', () => Promise.resolve(new Response('', { status: 502 })), /status 502/],
  ['a page instead of JSON', () => Promise.resolve(new Response('<html>')), /unexpected/],
  ['no network', () => Promise.reject(new TypeError('failed to fetch')), /cannot be reached/],
])('says what is wrong: %s', async (_, answer, message) => {
  stubFetch().mockImplementation(answer);

  render(<App name="Orders" />);

  await screen.findByText(message);
});

test('asks again when told to', async () => {
  stubFetch()
    .mockRejectedValueOnce(new TypeError('failed to fetch'))
    .mockResolvedValueOnce(Response.json({ status: 'ready' }));

  render(<App name="Orders" />);
  await screen.findByText(/cannot be reached/);
  fireEvent.click(screen.getByRole('button', { name: 'Check again' }));

  await screen.findByText('The backend is healthy and has its database.');
});
