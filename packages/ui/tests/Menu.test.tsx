import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Menu } from '../src';

const select = vi.fn();

beforeEach(() => {
  select.mockClear();
  render(
    <>
      <Menu
        name="More"
        label="More"
        items={[
          { label: 'All apps', href: '#apps' },
          {
            label: 'Settings',
            onSelect: () => {
              select('Settings');
            },
          },
          {
            label: 'Sign out',
            onSelect: () => {
              select('Sign out');
            },
          },
        ]}
      />
      <button>elsewhere</button>
    </>,
  );
});
afterEach(cleanup);

const button = () => screen.getByRole('button', { name: 'More' });
const focused = () => document.activeElement?.textContent;

test('says what it is and whether it is open', async () => {
  expect(button().getAttribute('aria-haspopup')).toBe('menu');
  expect(button().getAttribute('aria-expanded')).toBe('false');
  await userEvent.click(button());
  expect(button().getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByRole('menu', { name: 'More' }).id).toBe(
    button().getAttribute('aria-controls'),
  );
  await userEvent.click(button());
  expect(screen.queryByRole('menu')).toBeNull();
});

test('opens by keyboard, at the first item or at the last', async () => {
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(focused()).toBe('All apps');
  await userEvent.keyboard('{Escape}');
  expect(document.activeElement).toBe(button());
  await userEvent.keyboard('{ArrowDown}');
  expect(focused()).toBe('All apps');
  await userEvent.keyboard('{Escape}{ArrowUp}');
  expect(focused()).toBe('Sign out');
});

test('arrows, Home, End and letters move, round the ends', async () => {
  await userEvent.click(button());
  const seen: unknown[] = [];
  for (const key of [
    'ArrowDown',
    'ArrowDown',
    'ArrowDown',
    'ArrowUp',
    'Home',
    'End',
    's',
    's',
    'a',
    'x',
  ]) {
    await userEvent.keyboard(key.length === 1 ? key : `{${key}}`);
    seen.push(focused());
  }
  expect(seen).toEqual([
    'Settings',
    'Sign out',
    'All apps',
    'Sign out',
    'All apps',
    'Sign out',
    'Settings',
    'Sign out',
    'All apps',
    'All apps',
  ]);
});

test('a chosen item acts once, closes the menu and gives the focus back', async () => {
  await userEvent.click(button());
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(select.mock.calls).toEqual([['Settings']]);
  expect(screen.queryByRole('menu')).toBeNull();
  expect(document.activeElement).toBe(button());
});

test('closes when the person goes elsewhere, by Tab or by pointer', async () => {
  await userEvent.click(button());
  await userEvent.tab();
  expect(screen.queryByRole('menu')).toBeNull();

  await userEvent.click(button());
  await userEvent.click(screen.getByRole('button', { name: 'elsewhere' }));
  expect(screen.queryByRole('menu')).toBeNull();
  expect(focused()).toBe('elsewhere');
});
