import {
  Fragment,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';

import { AuthContext, type Auth } from './AuthContext';
import { makeAuthFetch } from './authFetch';
import { SILENT_PATH, type AuthConfig } from './config';
import { Session } from './session';
import { DefaultScreen, type SessionView } from './DefaultScreen';

export interface AuthProviderProps {
  config: AuthConfig;
  /**
   * Go to the sign-in service if no user is signed in, so that the children may rely on a user. Without it the
   * children are always shown, and call `signIn` themselves.
   */
  autoSignIn?: boolean;
  /** The screen that replaces the page while no user is signed in; a plain one by default. */
  screen?: (view: SessionView) => ReactNode;
  children: ReactNode;
}

/** Signs the person in, and shows the children once that is done. */
export function AuthProvider(props: AuthProviderProps) {
  // Another client is another session, which uses nothing of the first one.
  return <AuthSession key={`${props.config.issuer} ${props.config.clientId}`} {...props} />;
}

function AuthSession({ config, autoSignIn = true, screen, children }: AuthProviderProps) {
  const [session] = useState(() => new Session(config, { autoSignIn }));
  const state = useSyncExternalStore(session.subscribe, session.snapshot);
  useEffect(() => {
    void session.start();
  }, [session]);

  const authFetch = useMemo(() => makeAuthFetch(session), [session]);
  const auth = useMemo<Auth>(
    () => ({
      status: state.status,
      user: state.status === 'signed-in' ? state.user : null,
      error: state.status === 'failed' ? state.error : null,
      signIn: session.signIn,
      signOut: session.signOut,
      refresh: session.refresh,
      authFetch,
    }),
    [state, session, authFetch],
  );

  return <AuthContext.Provider value={auth}>{content()}</AuthContext.Provider>;

  function content(): ReactNode {
    if (isSilentFrame()) {
      return null;
    }
    if (state.status === 'signed-in') {
      // Another person gets a new page, without any state of the previous one.
      return <Fragment key={state.user.sub}>{children}</Fragment>;
    }
    if (state.status === 'signed-out' && !autoSignIn) {
      return children;
    }
    const view: SessionView = { state, signIn: session.signIn, retry: session.retry };
    return screen === undefined ? <DefaultScreen {...view} /> : screen(view);
  }
}

function isSilentFrame(): boolean {
  return window.parent !== window && location.pathname === SILENT_PATH;
}
