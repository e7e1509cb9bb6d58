import type { SessionView } from '@scalr/auth-client';
import { Button, MessagePage, WaitingPage } from '@scalr/ui';

/** The screen that replaces the page while no user is signed in. */
export function SignInScreen({ appName, state, signIn, retry }: SessionView & { appName: string }) {
  switch (state.status) {
    case 'starting':
    case 'signing-in':
      return <WaitingPage>Signing you in…</WaitingPage>;
    case 'signing-out':
      return <WaitingPage>Signing you out…</WaitingPage>;
    case 'signed-out':
      return (
        <MessagePage
          title={state.reason === 'session-ended' ? 'Your session has ended' : 'You are signed out'}
          actions={<Button onClick={() => void signIn()}>Sign in</Button>}
        >
          {state.reason === 'signed-out-here-only' ? (
            <p role="alert">
              You are signed out of {appName}, but the sign-in service did not answer, so you may
              still be signed in there. On a shared computer, close the browser.
            </p>
          ) : (
            <p>Sign in to go on with {appName}.</p>
          )}
        </MessagePage>
      );
    case 'failed':
      return (
        <MessagePage
          title="Sign-in did not work"
          actions={<Button onClick={() => void retry()}>Try again</Button>}
        >
          <p role="alert">{state.error.message}</p>
        </MessagePage>
      );
  }
}
