import type { CSSProperties } from 'react';

import type { SessionState } from './session';

/** What a screen shows, and what it may offer. */
export interface SessionView {
  state: Exclude<SessionState, { status: 'signed-in' }>;
  signIn: () => Promise<void>;
  /** After a failure: once more from the beginning. */
  retry: () => Promise<void>;
}

const PAGE: CSSProperties = {
  colorScheme: 'light dark',
  font: '1rem/1.5 system-ui, sans-serif',
  maxWidth: '32rem',
  margin: '20vh auto 0',
  padding: '0 1rem',
};

/** A plain screen for apps without their own. */
export function DefaultScreen({ state, signIn, retry }: SessionView) {
  switch (state.status) {
    case 'starting':
    case 'signing-in':
      return <Waiting>Signing you in…</Waiting>;
    case 'signing-out':
      return <Waiting>Signing you out…</Waiting>;
    case 'signed-out':
      return (
        <main style={PAGE}>
          <h1>
            {state.reason === 'session-ended' ? 'Your session has ended' : 'You are signed out'}
          </h1>
          {state.reason === 'signed-out-here-only' ? (
            <p role="alert">
              The sign-in service could not be reached, so you may still be signed in there. On a
              shared computer, close the browser.
            </p>
          ) : null}
          <button type="button" onClick={() => void signIn()}>
            Sign in
          </button>
        </main>
      );
    case 'failed':
      return (
        <main style={PAGE}>
          <h1>Sign-in did not work</h1>
          <p role="alert">{state.error.message}</p>
          <button type="button" onClick={() => void retry()}>
            Try again
          </button>
        </main>
      );
  }
}

function Waiting({ children }: { children: string }) {
  return (
    <main style={PAGE}>
      <p role="status">{children}</p>
    </main>
  );
}
