import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { app, problem } from './backend';
import { page } from './page';

const it = page();

test('greets the person by name, under the name of the app', async () => {
  it.open();
  await screen.findByRole('heading', { level: 1, name: 'Hello, Ada Lovelace' });
  expect(screen.getByRole('banner').textContent).toContain('Portal <all>');
  expect(document.title).toBe('Portal <all>');
  expect(screen.getByRole('link', { name: 'Documentation' }).getAttribute('href')).toBe(
    'http://docs.localhost/',
  );
});

test('the menu has no way to the page that one is on', async () => {
  it.open();
  await userEvent.click(await screen.findByRole('button', { name: /Ada Lovelace/ }));
  expect(screen.getAllByRole('menuitem').map((item) => item.textContent)).toEqual(['Sign out']);
});

test('where the portal itself needs a group, a person without it is told so', async () => {
  it.backend.overrides.set('GET /api/apps', () => problem(403, 'this needs membership in staff'));
  it.open();
  await screen.findByRole('heading', { level: 1, name: 'You can’t use Portal <all> yet' });
  expect(screen.getByRole('main').textContent).toContain('This needs membership in staff.');

  it.backend.overrides.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
  await screen.findByRole('heading', { name: 'Hello, Ada Lovelace' });
});

test('a backend that is still starting can be asked again', async () => {
  it.backend.overrides.set('GET /api/config', () => new Response('', { status: 502 }));
  it.open();
  await screen.findByRole('heading', { name: 'The app cannot be reached' });

  it.backend.overrides.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: 'Hello, Ada Lovelace' });
});

test('without a user and without a sign-in service the page says so and offers to try again', async () => {
  localStorage.clear();
  it.open();
  await screen.findByRole('heading', { name: 'Sign-in did not work' });
  expect(screen.getByRole('alert').textContent).toContain('cannot be reached');
});

test('an address that leads nowhere leads back', async () => {
  it.backend.apps = [app('orders')];
  it.open('/nowhere/at/all');
  await screen.findByRole('heading', { name: 'There is no such page' });
  await userEvent.click(screen.getByRole('link', { name: 'All apps' }));
  await screen.findByRole('link', { name: 'Orders' });
  expect(location.pathname).toBe('/');
});
