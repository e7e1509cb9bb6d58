/** What needs neither a provider nor a browser; the rest of the behaviour is tested in tests/browser. */
import { cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';

import { AuthError, AuthProvider, useUser } from '../src';
import { DefaultScreen } from '../src/DefaultScreen';

// A busy machine needs more time.
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);

function Greeting() {
  return <p>Hello, {useUser().name}</p>;
}

test('an app brings its own screen, and its children wait behind it', () => {
  render(
    <AuthProvider
      config={{ issuer: 'http://auth.localhost/', clientId: 'page' }}
      screen={({ state }) => <p>our own: {state.status}</p>}
    >
      <Greeting />
    </AuthProvider>,
  );
  expect(screen.getByText('our own: starting')).toBeDefined();
  expect(screen.queryByText(/Hello/)).toBeNull();
});

test('a hook outside of the provider says what is missing', () => {
  // React reports it there too, at length.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(() => render(<Greeting />)).toThrow('need an <AuthProvider>');
});

test('storage that the browser blocks is said, and can be tried again', async () => {
  const blocked = new DOMException('denied', 'SecurityError');
  vi.stubGlobal('isSecureContext', true);
  vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
    throw blocked;
  });
  render(
    <AuthProvider config={{ issuer: 'http://auth.localhost/', clientId: 'page' }}>
      <Greeting />
    </AuthProvider>,
  );
  expect((await screen.findByRole('alert')).textContent).toContain('blocks the storage');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect((await screen.findByRole('alert')).textContent).toContain('blocks the storage');
});

test('the default screen offers what helps in each state', () => {
  const signIn = vi.fn(() => Promise.resolve());
  const retry = vi.fn(() => Promise.resolve());
  const actions = { signIn, retry };
  const { rerender } = render(<DefaultScreen state={{ status: 'signing-in' }} {...actions} />);
  expect(screen.getByRole('status').textContent).toBe('Signing you in…');

  rerender(<DefaultScreen state={{ status: 'signing-out' }} {...actions} />);
  expect(screen.getByRole('status').textContent).toBe('Signing you out…');

  rerender(
    <DefaultScreen state={{ status: 'signed-out', reason: 'signed-out-here-only' }} {...actions} />,
  );
  expect(screen.getByRole('alert').textContent).toContain('shared computer');
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(signIn).toHaveBeenCalledOnce();

  const error = new AuthError('unreachable', 'Nobody is there.');
  rerender(<DefaultScreen state={{ status: 'failed', error }} {...actions} />);
  expect(screen.getByRole('alert').textContent).toBe('Nobody is there.');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});
