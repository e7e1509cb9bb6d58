import { WebStorageStateStore, type UserManagerSettings } from 'oidc-client-ts';

/** What an app says about its sign-in; it comes from the app's `/api/config`, not from its build. */
export interface AuthConfig {
  /** The OpenID Connect issuer, exactly as it calls itself (a trailing slash counts). */
  issuer: string;
  clientId: string;
  /** Scopes to ask for beside the usual ones, such as that of the sign-in service's own API. */
  extraScopes?: readonly string[];
}

/** Where the sign-in service sends the browser back to; both are registered with it as redirect URIs. */
export const CALLBACK_PATH = '/auth/callback';
export const SILENT_PATH = '/auth/silent';

const SCOPE = 'openid profile email groups offline_access';

/** One name for each client of each issuer, so that two of them never share a key, a lock or a marker. */
export function scopedName(config: AuthConfig, name: string): string {
  return `scalr-auth:${config.issuer}:${config.clientId}:${name}`;
}

/** The key under which oidc-client-ts keeps the tokens in localStorage. */
export function storageKey(config: AuthConfig): string {
  return `oidc.user:${config.issuer}:${config.clientId}`;
}

export function userManagerSettings(config: AuthConfig, origin: string): UserManagerSettings {
  const store = new WebStorageStateStore({ store: localStorage });
  return {
    authority: config.issuer,
    client_id: config.clientId,
    redirect_uri: origin + CALLBACK_PATH,
    silent_redirect_uri: origin + SILENT_PATH,
    post_logout_redirect_uri: `${origin}/`,
    response_type: 'code',
    scope: [SCOPE, ...(config.extraScopes ?? [])].join(' '),
    // The tabs of one app share their tokens: a second tab needs no sign-in, and a sign-out reaches all.
    userStore: store,
    stateStore: store,
    // The session renews by itself, one tab at a time; the library's own timer would race between tabs.
    automaticSilentRenew: false,
    // The session monitor needs third-party cookies, which browsers no longer send.
    monitorSession: false,
    // The claims are in the ID token. An access token for an API is refused by many userinfo endpoints.
    loadUserInfo: false,
    requestTimeoutInSeconds: 10,
    silentRequestTimeoutInSeconds: 10,
  };
}
