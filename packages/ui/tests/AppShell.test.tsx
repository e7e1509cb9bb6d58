import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';

import { AppShell } from '../src';

afterEach(cleanup);

const ADA = { name: 'Ada Lovelace', email: 'ada@example.test' };

test('the name stands in the banner, and the children are the main region', () => {
  render(<AppShell appName="Orders & <returns>">three open orders</AppShell>);

  expect(screen.getByRole('banner').textContent).toBe('Orders & <returns>');
  expect(screen.getByRole('main').textContent).toBe('three open orders');
  expect(screen.queryByRole('button')).toBeNull();
});

test('header and content are as wide as each other, for text or for cards', () => {
  for (const [width, expected] of [
    ['text', 'max-w-3xl'],
    ['wide', 'max-w-6xl'],
  ] as const) {
    render(
      <AppShell appName="Orders" width={width}>
        open
      </AppShell>,
    );
    expect(screen.getByRole('main').className).toContain(expected);
    expect(screen.getByRole('banner').firstElementChild?.className).toContain(expected);
    cleanup();
  }
});

test('the first press of Tab offers a way past the header', async () => {
  render(<AppShell appName="Orders">three open orders</AppShell>);
  await userEvent.tab();

  const skip = screen.getByRole('link', { name: 'Skip to the content' });
  expect(document.activeElement).toBe(skip);
  expect(skip.getAttribute('href')).toBe(`#${screen.getByRole('main').id}`);
});

test('the menu says who is signed in, and offers the portal and a way out', async () => {
  const signOut = vi.fn();
  render(
    <AppShell appName="Orders" user={ADA} portalUrl="http://portal.localhost/" onSignOut={signOut}>
      three open orders
    </AppShell>,
  );

  await userEvent.click(screen.getByRole('button', { name: 'Ada Lovelace' }));
  expect(screen.getByText('ada@example.test')).toBeDefined();
  expect(screen.getByRole('menuitem', { name: 'All apps' }).getAttribute('href')).toBe(
    'http://portal.localhost/',
  );
  await userEvent.click(screen.getByRole('menuitem', { name: 'Sign out' }));
  expect(signOut).toHaveBeenCalledOnce();
  expect(screen.queryByRole('menu')).toBeNull();
});

test('where there is no portal, the menu leads to none', async () => {
  render(
    <AppShell appName="Orders" user={ADA} portalUrl="" onSignOut={() => undefined}>
      three open orders
    </AppShell>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Ada Lovelace' }));
  expect(screen.getAllByRole('menuitem').map((item) => item.textContent)).toEqual(['Sign out']);
});

test.each([
  ['Ada Lovelace', 'AL'],
  ['Ada', 'A'],
  ['  ada   de   lovelace ', 'AL'],
  ['👩‍💻 Ada', '👩‍💻A'],
  ['Élan', 'É'],
])('the picture of %s is %s', (name, picture) => {
  render(
    <AppShell appName="Orders" user={{ name }}>
      three open orders
    </AppShell>,
  );
  expect(document.querySelector('[data-initials]')?.getAttribute('data-initials')).toBe(picture);
});
