import type { User as OidcUser } from 'oidc-client-ts';

import { Attempts } from './attempts';
import { CALLBACK_PATH, SILENT_PATH, scopedName, storageKey, type AuthConfig } from './config';
import { AuthError, endless, insecurePage, isRefusal, sessionEnded, toAuthError } from './errors';
import { RenewalTimer } from './renewalTimer';
import { currentPath, safeReturnPath } from './returnPath';
import { Tokens } from './tokens';
import { isSameUser, userFromClaims, type User } from './user';

/** Why no user is signed in, if no sign-in is under way. */
export type SignedOutReason =
  /** No user has signed in yet, and the app doesn't start the sign-in by itself. */
  | 'never'
  /** The person signed out, here or in another tab. */
  | 'signed-out'
  /** As before, but the sign-in service could not be told: its own session may still be open. */
  | 'signed-out-here-only'
  /** The sign-in service ended the session. */
  | 'session-ended';

export type SessionState =
  | { status: 'starting' }
  | { status: 'signing-in' }
  | { status: 'signed-in'; user: User }
  | { status: 'signing-out' }
  | { status: 'signed-out'; reason: SignedOutReason }
  | { status: 'failed'; error: AuthError };

export interface SessionOptions {
  autoSignIn: boolean;
}

/** An access token that ends within this time is not worth sending. */
const USABLE_MS = 5_000;

/**
 * One client's sign-in on this page, as a value that changes.
 *
 * It is kept outside of React, and a second start has no effect, so that StrictMode's second run of an effect is
 * harmless. React only subscribes.
 */
export class Session {
  private state: SessionState = { status: 'starting' };
  private started: Promise<void> | null = null;
  private readonly subscribers = new Set<() => void>();
  private stopListening: (() => void) | null = null;

  private readonly timer = new RenewalTimer(() => this.renewInBackground());
  private readonly attempts: Attempts;
  private readonly signedOutMarker: string;
  private readonly storageKey: string;
  private madeTokens: Tokens | null = null;

  constructor(
    private readonly config: AuthConfig,
    private readonly options: SessionOptions,
  ) {
    this.attempts = new Attempts(scopedName(config, 'attempts'));
    this.signedOutMarker = scopedName(config, 'signed-out');
    this.storageKey = storageKey(config);
  }

  /** Created at the first use, since it fails if storage is blocked, and the failure can be shown then. */
  private get tokens(): Tokens {
    this.madeTokens ??= new Tokens(this.config, window.location);
    return this.madeTokens;
  }

  readonly snapshot = (): SessionState => this.state;

  readonly subscribe = (notify: () => void): (() => void) => {
    this.subscribers.add(notify);
    this.stopListening ??= this.listen();
    return () => {
      this.subscribers.delete(notify);
      if (this.subscribers.size === 0) {
        this.stopListening?.();
        this.stopListening = null;
        this.timer.stop();
      }
    };
  };

  /** Finishes a sign-in that is under way, or uses the stored session, or starts a sign-in. */
  readonly start = (): Promise<void> => {
    this.started ??= this.begin().catch((error: unknown) => {
      this.set({ status: 'failed', error: toAuthError(error) });
    });
    return this.started;
  };

  /** Starts again after a failure, when the person asks for it. */
  readonly retry = (): Promise<void> => {
    this.attempts.clear();
    this.started = null;
    this.set({ status: 'starting' });
    return this.start();
  };

  readonly signIn = (): Promise<void> => {
    this.attempts.clear();
    return this.leaveForSignIn(currentPath());
  };

  /** Signs out here, in this app's other tabs, and at the sign-in service. */
  readonly signOut = async (): Promise<void> => {
    this.attempts.clear();
    this.set({ status: 'signing-out' });
    const user = await this.tokens.forget();
    // The page that the service sends the browser back to says so, instead of signing in again at once.
    sessionStorage.setItem(this.signedOutMarker, 'true');
    try {
      await this.tokens.endSession(user);
      // Only a page that the browser restored from its memory gets here.
      this.set({ status: 'signed-out', reason: 'signed-out' });
    } catch {
      sessionStorage.removeItem(this.signedOutMarker);
      this.set({ status: 'signed-out', reason: 'signed-out-here-only' });
    }
  };

  /** An access token that is good for a request now. */
  readonly accessToken = async (): Promise<string> => {
    const stored = await this.tokens.load();
    if (stored === null) {
      throw this.end();
    }
    return isUsable(stored) ? this.take(stored) : this.renew(stored.access_token);
  };

  /** Another access token than `stale`, which an API refused or which has ended. */
  readonly renew = async (stale: string): Promise<string> => {
    try {
      return this.take(await this.tokens.renew(stale));
    } catch (error) {
      const problem = toAuthError(error);
      throw problem.kind === 'session-ended' ? this.end() : problem;
    }
  };

  /** Gets new tokens now, for what they say about the person. */
  readonly refresh = async (): Promise<void> => {
    await this.renew(await this.accessToken());
  };

  /** Adopts the stored session, and returns its token, unless the page belongs to another user. */
  private take(stored: OidcUser): string {
    const asking = this.state.status === 'signed-in' ? this.state.user.sub : null;
    this.adopt(stored);
    if (asking !== null && asking !== stored.profile.sub) {
      throw sessionEnded();
    }
    return stored.access_token;
  }

  private async begin(): Promise<void> {
    if (!window.isSecureContext) {
      throw insecurePage();
    }
    if (location.pathname === SILENT_PATH && window.parent !== window) {
      await this.tokens.answerFrame(location.href);
      return;
    }
    if (location.pathname === CALLBACK_PATH) {
      await this.finish();
      return;
    }
    await this.resume();
  }

  private async resume(): Promise<void> {
    const stored = await this.tokens.load();
    const justSignedOut = sessionStorage.getItem(this.signedOutMarker) !== null;
    sessionStorage.removeItem(this.signedOutMarker);
    if (stored === null) {
      if (justSignedOut || !this.options.autoSignIn) {
        this.set({ status: 'signed-out', reason: justSignedOut ? 'signed-out' : 'never' });
        return;
      }
      await this.signInByItself(currentPath());
    } else if (isUsable(stored)) {
      this.adopt(stored);
    } else {
      await this.renew(stored.access_token).catch((error: unknown) => {
        // `session-ended` has already led to where it leads.
        if (toAuthError(error).kind !== 'session-ended') {
          throw error;
        }
      });
    }
  }

  private async finish(): Promise<void> {
    const result = await this.tokens.finishSignIn(location.href);
    switch (result.kind) {
      case 'signed-in':
        goTo(result.returnTo);
        this.adopt(result.user);
        return;
      case 'stale':
        goTo('/');
        await this.resume();
        return;
      case 'failed':
        goTo(result.returnTo);
        if (isUsedCode(result.error)) {
          await this.signInByItself(result.returnTo);
          return;
        }
        throw result.error;
    }
  }

  private async signInByItself(returnTo: string): Promise<void> {
    if (!this.attempts.add()) {
      throw endless();
    }
    await this.leaveForSignIn(returnTo);
  }

  private async leaveForSignIn(returnTo: string): Promise<void> {
    if (this.state.status === 'signing-in') {
      return;
    }
    this.set({ status: 'signing-in' });
    try {
      await this.tokens.signIn(safeReturnPath(returnTo));
    } catch (error) {
      this.set({ status: 'failed', error: toAuthError(error) });
      return;
    }
    // The browser restored this page from its memory: the person came back without an answer.
    this.set({ status: 'signed-out', reason: 'never' });
    await this.reread();
  }

  /** The session is over. A visible page goes to the sign-in; one in the background waits until it is visible. */
  private end(): AuthError {
    if (this.state.status === 'signed-in' || this.state.status === 'starting') {
      this.set({ status: 'signed-out', reason: 'session-ended' });
      this.signInAfterEnd();
    }
    return sessionEnded();
  }

  private signInAfterEnd(): void {
    if (this.options.autoSignIn && document.visibilityState === 'visible') {
      this.signInByItself(currentPath()).catch((error: unknown) => {
        this.set({ status: 'failed', error: toAuthError(error) });
      });
    }
  }

  private adopt(stored: OidcUser): void {
    if (this.state.status === 'signing-out') {
      return;
    }
    const user = userFromClaims(stored.profile);
    const known = this.state.status === 'signed-in' ? this.state.user : null;
    if (known === null || !isSameUser(known, user)) {
      this.set({ status: 'signed-in', user });
    }
    if (stored.expires_at !== undefined && this.stopListening !== null) {
      this.timer.startFor(stored.expires_at * 1_000);
    }
  }

  /** Applies the changes of other tabs. */
  private async reread(): Promise<void> {
    const stored = await this.tokens.load();
    if (stored === null) {
      if (this.state.status === 'signed-in') {
        this.set({ status: 'signed-out', reason: 'signed-out' });
      }
    } else if (isUsable(stored)) {
      this.adopt(stored);
    } else if (this.state.status === 'signed-in') {
      await this.renewInBackground();
    }
  }

  private async renewInBackground(): Promise<void> {
    const stored = await this.tokens.load();
    if (stored === null || this.state.status !== 'signed-in') {
      return;
    }
    try {
      await this.renew(stored.access_token);
    } catch (error) {
      if (toAuthError(error).kind !== 'session-ended') {
        // The user is not interrupted: the token may still be good, and the next request shows whether it is.
        this.timer.tryAgainLater();
      }
    }
  }

  private listen(): () => void {
    const onStorage = (event: StorageEvent) => {
      // A null key is localStorage.clear().
      if (event.key === this.storageKey || event.key === null) {
        void this.reread();
      }
    };
    const onReturn = () => {
      if (document.visibilityState !== 'visible') {
        return;
      }
      if (this.state.status === 'signed-out' && this.state.reason === 'session-ended') {
        this.signInAfterEnd();
      } else if (this.state.status === 'signed-in') {
        void this.reread();
      }
    };
    // A page that Back restored from memory has missed all events in between.
    const onPageShow = (event: PageTransitionEvent) => {
      if (event.persisted) {
        void this.reread();
      }
    };
    window.addEventListener('storage', onStorage);
    window.addEventListener('pageshow', onPageShow);
    window.addEventListener('online', onReturn);
    document.addEventListener('visibilitychange', onReturn);
    if (this.state.status === 'signed-in') {
      void this.reread();
    }
    return () => {
      window.removeEventListener('storage', onStorage);
      window.removeEventListener('pageshow', onPageShow);
      window.removeEventListener('online', onReturn);
      document.removeEventListener('visibilitychange', onReturn);
    };
  }

  private set(state: SessionState): void {
    this.state = state;
    if (state.status !== 'signed-in') {
      this.timer.stop();
    }
    for (const notify of this.subscribers) {
      notify();
    }
  }
}

function isUsable(stored: OidcUser): boolean {
  return stored.expires_at === undefined || stored.expires_at * 1_000 - Date.now() > USABLE_MS;
}

/** A code that was redeemed or has expired: a new one costs nothing. */
function isUsedCode(error: unknown): boolean {
  return isRefusal(error) && error.error === 'invalid_grant';
}

function goTo(path: string): void {
  history.replaceState(null, '', path);
  // Routers are notified as they are for Back and Forward.
  window.dispatchEvent(new PopStateEvent('popstate'));
}
