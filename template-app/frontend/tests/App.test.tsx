import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { App } from '../src/App';
import { Backend, problem, signInAsAda } from './backend';

// A busy machine needs more time.
configure({ asyncUtilTimeout: 10_000 });

let backend: Backend;

beforeEach(() => {
  localStorage.clear();
  backend = new Backend();
  signInAsAda();
});
afterEach(cleanup);

function open() {
  render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

const rows = () =>
  within(screen.getByRole('table', { name: 'Notes' }))
    .getAllByRole('rowheader')
    .map((cell) => cell.textContent);

test('greets the person by name, under the name of the app', async () => {
  open();
  await screen.findByRole('heading', { level: 1, name: 'Hello, Ada Lovelace' });
  expect(screen.getByRole('banner').textContent).toContain('Order <Desk>');
  expect(document.title).toBe('Order <Desk>');
  await screen.findByRole('heading', { name: 'No notes yet' });
});

test('shows what is kept, newest first', async () => {
  backend.keep('tea', 'salt');
  open();
  await screen.findByRole('table', { name: 'Notes' });
  expect(rows()).toEqual(['salt', 'tea']);
});

test('says that it is loading until the notes are there', async () => {
  let finish: (answer: Response) => void = () => undefined;
  backend.overrides.set(
    'GET /api/notes',
    () => new Promise<Response>((resolve) => (finish = resolve)),
  );
  open();
  await screen.findByText('Loading your notes');
  finish(Response.json({ items: [], next_cursor: null }));
  await screen.findByRole('heading', { name: 'No notes yet' });
  expect(screen.queryByText('Loading your notes')).toBeNull();
});

test('adds a note by Enter, says so, and is ready for the next', async () => {
  open();
  const input = await screen.findByRole<HTMLInputElement>('textbox', { name: 'New note' });
  await screen.findByText('No notes yet');
  await userEvent.type(input, ' buy <b>tea</b> {Enter}');

  await screen.findByText('Note added');
  expect(rows()).toEqual([' buy <b>tea</b> ']);
  expect(input.value).toBe('');
  expect(document.activeElement).toBe(input);
});

test('an empty note goes nowhere, and the field says why', async () => {
  open();
  await screen.findByText('No notes yet');
  await userEvent.type(screen.getByRole('textbox'), '  ');
  await userEvent.click(screen.getByRole('button', { name: 'Add note' }));

  const input = screen.getByRole('textbox', { name: 'New note' });
  expect(input.getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByText('Write something first.')).toBeDefined();
  expect(backend.calls).not.toContain('POST /api/notes');
});

test('a note that was not kept stays in the field, with the reason', async () => {
  open();
  const input = await screen.findByRole<HTMLInputElement>('textbox', { name: 'New note' });
  backend.overrides.set('POST /api/notes', () =>
    problem(422, 'the request is not what this takes', [
      { detail: 'String should match a pattern', pointer: '#/text' },
    ]),
  );
  await userEvent.type(input, 'tea{Enter}');
  await screen.findByText('String should match a pattern.');
  expect(input.value).toBe('tea');

  backend.overrides.set('POST /api/notes', null);
  await userEvent.type(input, '{Enter}');
  await screen.findByText(/was not kept.*does not answer/);

  backend.overrides.clear();
  await userEvent.type(input, '{Enter}');
  await screen.findByText('Note added');
});

test('a note is sent once, however often the button is pressed meanwhile', async () => {
  open();
  await screen.findByText('No notes yet');
  let finish: (answer: Response) => void = () => undefined;
  backend.overrides.set(
    'POST /api/notes',
    () => new Promise<Response>((resolve) => (finish = resolve)),
  );
  await userEvent.type(screen.getByRole('textbox'), 'tea{Enter}{Enter}');
  await userEvent.click(screen.getByRole('button', { name: 'Add note' }));
  finish(
    Response.json({ id: 'n-1', text: 'tea', created_at: '2026-11-22T10:00:00Z' }, { status: 201 }),
  );

  await screen.findByText('Note added');
  expect(backend.calls.filter((call) => call === 'POST /api/notes')).toHaveLength(1);
});

test('deletes notes by keyboard alone, and the focus is never lost', async () => {
  backend.keep('tea', 'salt', 'rice');
  open();
  const salt = await screen.findByRole('button', { name: 'Delete note: salt' });
  salt.focus();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => {
    expect(rows()).toEqual(['rice', 'tea']);
  });
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete note: tea');
  await userEvent.keyboard('{Enter}');
  await waitFor(() => {
    expect(rows()).toEqual(['rice']);
  });
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Delete note: rice');
  await userEvent.keyboard('{Enter}');
  await screen.findByText('No notes yet');
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'New note' }));
});

test('a deletion can be undone', async () => {
  backend.keep('tea');
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Delete note: tea' }));
  await screen.findByText('Note deleted');
  expect(backend.notes).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await screen.findByText('Note restored');
  expect(rows()).toEqual(['tea']);
});

test('a note that another tab deleted goes without a fuss; one that cannot be deleted stays', async () => {
  backend.keep('tea', 'salt');
  open();
  await screen.findByRole('table');
  backend.notes = backend.notes.filter(({ text }) => text !== 'salt');
  await userEvent.click(screen.getByRole('button', { name: 'Delete note: salt' }));
  await waitFor(() => {
    expect(rows()).toEqual(['tea']);
  });

  backend.overrides.set('DELETE /api/notes/ID', () =>
    problem(503, "the database can't be reached"),
  );
  await userEvent.click(screen.getByRole('button', { name: 'Delete note: tea' }));
  await screen.findByText("The note was not deleted: The database can't be reached.");
  expect(rows()).toEqual(['tea']);
});

test('more is shown when it is asked for', async () => {
  backend.keep('one', 'two', 'three');
  backend.pageSize = 2;
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
  await waitFor(() => {
    expect(rows()).toEqual(['three', 'two', 'one']);
  });
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

test.each([
  ['no connection', null, 'Are you online?'],
  ['a problem', () => problem(503, 'the database is away'), 'The database is away.'],
  [
    'a page of a proxy',
    () => new Response('<h1>Bad Gateway', { status: 502 }),
    'The answer was 502.',
  ],
])('notes that cannot be loaded can be asked for again: %s', async (_, override, message) => {
  backend.overrides.set('GET /api/notes', override);
  open();
  const alert = await screen.findByText('Your notes could not be loaded');
  expect(alert.parentElement?.textContent).toContain(message);

  backend.overrides.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('No notes yet');
});

test('a person without the group is told who they are, what they lack, and how to go on', async () => {
  backend.overrides.set('GET /api/notes', () =>
    problem(403, 'this needs membership in order-desk-users'),
  );
  open();
  await screen.findByRole('heading', { level: 1, name: 'You can’t use Order <Desk> yet' });
  const text = screen.getByRole('main').textContent;
  expect(text).toContain('Ada Lovelace (ada@example.test)');
  expect(text).toContain('order-desk');
  expect(text).toContain('This needs membership in order-desk-users.');
  expect(screen.getByRole('link', { name: 'All apps' }).getAttribute('href')).toBe(
    'http://portal.localhost/',
  );
  expect(screen.getByRole('button', { name: 'Sign out' })).toBeDefined();

  backend.overrides.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
  await screen.findByRole('heading', { name: 'Hello, Ada Lovelace' });
});

test('a backend that is still starting can be asked again', async () => {
  backend.overrides.set('GET /api/config', () => new Response('', { status: 502 }));
  open();
  await screen.findByRole('heading', { name: 'The app cannot be reached' });

  backend.overrides.clear();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: 'Hello, Ada Lovelace' });
});

test('without a user and without a sign-in service the page says so and offers to try again', async () => {
  localStorage.clear();
  open();
  await screen.findByRole('heading', { name: 'Sign-in did not work' });
  expect(screen.getByRole('alert').textContent).toContain('cannot be reached');
  expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
});
