import { OidcClient, SigninState, UserManager, type User as OidcUser } from 'oidc-client-ts';

import { scopedName, storageKey, userManagerSettings, type AuthConfig } from './config';
import { isRefusal, sessionEnded } from './errors';
import { safeReturnPath } from './returnPath';
import { sharesCookies } from './sameSite';
import { StorageVersion } from './storageVersion';

/** The result of an address that the sign-in service sent the browser back to. */
export type CallbackResult =
  | { kind: 'signed-in'; user: OidcUser; returnTo: string }
  /** No sign-in waits for this answer: it is a reload, a bookmark, or a second run of the same effect. */
  | { kind: 'stale' }
  | { kind: 'failed'; error: unknown; returnTo: string };

/**
 * The tokens that all tabs of this client share, in localStorage.
 *
 * All writes happen under one Web Lock, which all tabs share, and after the earlier writes under it are visible in
 * this tab. So a refresh token is used once, even
 * if its second use would end the session (rotation; oidc-client-ts #430), a renewal never brings back what a
 * sign-out has removed, and an answer of the sign-in service is redeemed once (react-oidc-context #401, #1587).
 */
export class Tokens {
  private readonly manager: UserManager;
  private readonly client: OidcClient;
  private readonly lock: string;
  private readonly version: StorageVersion;
  private readonly storageKey: string;
  private readonly canUseFrame: boolean;

  constructor(config: AuthConfig, location: Location) {
    const settings = userManagerSettings(config, location.origin);
    this.manager = new UserManager(settings);
    this.client = new OidcClient(this.manager.settings, this.manager.metadataService);
    this.lock = scopedName(config, 'tokens');
    this.version = new StorageVersion(scopedName(config, 'version'));
    this.storageKey = storageKey(config);
    this.canUseFrame = sharesCookies(location.hostname, new URL(config.issuer).hostname);
  }

  /** What is stored now; another tab may have just renewed or removed it. */
  async load(): Promise<OidcUser | null> {
    return this.manager.getUser();
  }

  /** Leaves the page for the sign-in service. Comes back only when the browser restores the page from memory. */
  async signIn(returnTo: string): Promise<void> {
    // Replacing keeps Back from leading to a page that at once leads forward again.
    await this.manager.signinRedirect({ state: { returnTo }, redirectMethod: 'replace' });
  }

  /** Redeems the answer of the sign-in service that stands in the address. */
  async finishSignIn(url: string): Promise<CallbackResult> {
    return this.locked(async () => {
      const returnTo = await this.pendingReturnPath(url);
      if (returnTo === null) {
        return { kind: 'stale' };
      }
      try {
        return {
          kind: 'signed-in',
          user: await this.manager.signinRedirectCallback(url),
          returnTo,
        };
      } catch (error) {
        return { kind: 'failed', error, returnTo };
      }
    });
  }

  /** Inside the hidden frame: hands the answer to the page that made the frame. */
  async answerFrame(url: string): Promise<void> {
    await this.manager.signinSilentCallback(url);
  }

  /**
   * Replaces the access token `stale`, once for all tabs: the second tab gets the first one's new token.
   *
   * Fails with `session-ended` when the service refuses, and then nothing is stored any more. Every other failure
   * leaves the tokens as they were.
   */
  async renew(stale: string): Promise<OidcUser> {
    return this.locked(async () => {
      const stored = await this.manager.getUser();
      if (stored === null) {
        throw sessionEnded();
      }
      if (stored.access_token !== stale && stored.expired !== true) {
        return stored;
      }
      const renewed = await this.renewByToken(stored);
      if (renewed !== null) {
        return renewed;
      }
      await this.manager.removeUser();
      throw sessionEnded();
    });
  }

  /** Forgets the tokens here and in every other tab; returns what was there. */
  async forget(): Promise<OidcUser | null> {
    return this.locked(async () => {
      const stored = await this.manager.getUser();
      await this.manager.removeUser();
      return stored;
    });
  }

  /** Ends the session at the sign-in service: revokes the refresh token, then leaves the page for it. */
  async endSession(user: OidcUser | null): Promise<void> {
    if (user?.refresh_token !== undefined) {
      // Best effort: the end of the session, below, is what counts and what is reported.
      await this.client.revokeToken(user.refresh_token, 'refresh_token').catch(() => undefined);
    }
    await this.manager.signoutRedirect({
      redirectMethod: 'replace',
      ...(user?.id_token === undefined ? {} : { id_token_hint: user.id_token }),
    });
  }

  private async renewByToken(stored: OidcUser): Promise<OidcUser | null> {
    if (stored.refresh_token !== undefined) {
      try {
        return await this.manager.signinSilent();
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }
      }
    }
    return this.renewInFrame();
  }

  /** The session at the service may outlive the refresh token. A hidden frame can ask for it if its cookies reach it. */
  private async renewInFrame(): Promise<OidcUser | null> {
    if (!this.canUseFrame) {
      return null;
    }
    return this.manager.signinSilent({ forceIframeAuth: true }).catch(() => null);
  }

  private async pendingReturnPath(url: string): Promise<string | null> {
    const id = new URL(url).searchParams.get('state');
    const stored = id === null ? null : await this.manager.settings.stateStore.get(id);
    if (stored === null) {
      return null;
    }
    const { data } = await SigninState.fromStorageString(stored);
    return safeReturnPath((data as { returnTo?: unknown } | undefined)?.returnTo);
  }

  private async locked<T>(work: () => Promise<T>): Promise<T> {
    return navigator.locks.request(this.lock, async () => {
      await this.version.caughtUp();
      const before = localStorage.getItem(this.storageKey);
      try {
        return await work();
      } finally {
        if (localStorage.getItem(this.storageKey) !== before) {
          await this.version.advance();
        }
      }
    });
  }
}
