import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';

import { Alert, Button, MessagePage, Skeleton, WaitingPage } from '../src';

afterEach(cleanup);

test('a message page is one heading, its words and its actions', () => {
  render(
    <MessagePage title="You are signed out" actions={<Button>Sign in</Button>}>
      <p>See you.</p>
    </MessagePage>,
  );
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('You are signed out');
  expect(screen.getByRole('main').textContent).toContain('See you.');
  expect(screen.getByRole('button', { name: 'Sign in' })).toBeDefined();
});

test('what waits says for what, and what failed says so at once', () => {
  const { rerender } = render(<WaitingPage>Signing you in…</WaitingPage>);
  expect(screen.getByRole('status').textContent).toBe('Signing you in…');
  rerender(<Skeleton label="Loading the notes" />);
  expect(screen.getByRole('status').textContent).toBe('Loading the notes');
  rerender(
    <Alert title="The notes could not be loaded" action={<Button>Try again</Button>}>
      The service does not answer.
    </Alert>,
  );
  expect(screen.getByRole('alert').textContent).toContain('The service does not answer.');
  expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
});
