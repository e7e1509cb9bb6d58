/**
 * One OpenID provider for one app, laid out as Authentik does it: issuer `ORIGIN/application/o/SLUG/`.
 * All of them share the store, the keys and the session cookie; that makes single sign-on.
 */
import Provider, {
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider';
import type { Keys } from './keys.ts';
import { type Log, reason } from './log.ts';
import type { App } from './manifests.ts';
import { endedPage, errorPage, headers, signOutPage } from './pages.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';
import { claimsOf, findUser } from './users.ts';

export interface Shared {
  settings: Settings;
  keys: Keys;
  store: Store;
  log: Log;
  /** Every group that a manifest names, as they are now. */
  groups: () => string[];
}

const SCOPES = ['openid', 'profile', 'email', 'groups', 'offline_access'];

export const mountOf = (slug: string): string => `/application/o/${slug}`;

/** Where people use the app: behind the gateway, whose port is this server's, or at its own port. */
export function originsOf(app: App, authOrigin: string): [string, ...string[]] {
  const { protocol, port } = new URL(authOrigin);
  const origins: [string, ...string[]] = [
    `${protocol}//${app.host}${port === '' ? '' : `:${port}`}`,
  ];
  if (app.frontendPort !== undefined) {
    origins.push(
      `http://127.0.0.1:${String(app.frontendPort)}`,
      `http://localhost:${String(app.frontendPort)}`,
    );
  }
  return origins;
}

export function createProvider(app: App, shared: Shared): Provider {
  const issuer = `${shared.settings.origin}${mountOf(app.slug)}/`;
  const provider = new Provider(issuer, configuration(app, shared));
  // The gateway ends TLS and says so; server.ts lets no other header of a proxy through.
  provider.proxy = true;

  provider.on('server_error', (ctx, error) => {
    shared.log.error('a request failed', {
      client: app.slug,
      path: ctx.path,
      reason: reason(error),
    });
  });
  const refused = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): void => {
    shared.log.warn('a request was refused', {
      client: app.slug,
      path: ctx.path,
      error: error.error,
      reason: error.error_description,
      detail: error.error_detail,
    });
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('end_session.error', refused);
  provider.on('end_session.success', () => {
    shared.log.info('signed out', { client: app.slug });
  });
  return provider;
}

/** The one audience of an app's access tokens, as oidc-provider names it: a resource. */
const resourceOf = (app: App): string => `urn:scalr:${app.slug}`;

function resourceServer(app: App, settings: Settings): ResourceServer {
  return {
    scope: SCOPES.join(' '),
    audience: app.clientId,
    accessTokenFormat: 'jwt',
    accessTokenTTL: settings.lifetimes.accessToken,
    jwt: { sign: { alg: 'RS256' } },
  };
}

function configuration(app: App, shared: Shared): Configuration {
  const { settings } = shared;
  const origins = originsOf(app, settings.origin);
  const claimsFor = (id: string) => {
    const user = findUser(id);
    return user && claimsOf(user, shared.groups());
  };

  return {
    adapter: shared.store.adapter,
    jwks: shared.keys.jwks,
    cookies: { keys: shared.keys.cookies },
    clients: [
      {
        client_id: app.clientId,
        client_name: app.name,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: origins.flatMap((origin) => [
          `${origin}/auth/callback`,
          `${origin}/auth/silent`,
        ]),
        post_logout_redirect_uris: origins.map((origin) => `${origin}/`),
      },
    ],
    clientBasedCORS: (_ctx, origin) => origins.includes(origin),
    responseTypes: ['code'],
    scopes: SCOPES,
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    // A page reads its user from the ID token; userinfo would not take a token made for an app's API.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resourceOf(app),
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== resourceOf(app)) throw new errors.InvalidTarget();
          return resourceServer(app, settings);
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          // The app itself sends the ID token, so the person need not confirm.
          const asked = ctx.oidc.entities.IdTokenHint === undefined;
          page(ctx, signOutPage(app, form, asked));
        },
        postLogoutSuccessSource: (ctx) => {
          page(ctx, endedPage(app, origins[0]));
        },
      },
    },
    renderError: (ctx, { error, error_description }, cause) => {
      const problem = [error, error_description].filter(Boolean).join(': ');
      page(ctx, errorPage(problem, origins[0], cause instanceof errors.SessionNotFound));
    },
    interactions: { url: (_ctx, { uid }) => `${mountOf(app.slug)}/interaction/${uid}` },

    findAccount: (_ctx, id) => {
      const claims = claimsFor(id);
      return claims && { accountId: id, claims: () => claims };
    },
    extraTokenClaims: (_ctx, token) => {
      const id = 'accountId' in token ? token.accountId : undefined;
      const claims = id === undefined ? undefined : claimsFor(id);
      if (!claims) return undefined;
      const { name, preferred_username, email, groups } = claims;
      return { name, preferred_username, email, groups };
    },
    // The apps are the company's own, so there is no consent page.
    loadExistingGrant: async ({ oidc }) => {
      const { client, session } = oidc;
      if (!client || !session?.accountId) return undefined;
      const before = session.grantIdFor(client.clientId);
      let grant = before === undefined ? undefined : await oidc.provider.Grant.find(before);
      if (grant?.accountId !== session.accountId) {
        grant = new oidc.provider.Grant({
          clientId: client.clientId,
          accountId: session.accountId,
        });
      }
      grant.addOIDCScope(SCOPES.join(' '));
      grant.addResourceScope(resourceOf(app), SCOPES.join(' '));
      await grant.save();
      return grant;
    },
    // Without a consent there is no offline_access; and signing out ends the refresh tokens of every app.
    issueRefreshToken: () => true,
    expiresWithSession: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: settings.lifetimes.accessToken,
      AuthorizationCode: 60,
      Grant: settings.lifetimes.session,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: settings.lifetimes.refreshToken,
      Session: settings.lifetimes.session,
    },
  };
}

function page(ctx: KoaContextWithOIDC, html: string): void {
  ctx.set(headers());
  ctx.body = html;
}

/** An access token without a browser, for smoke tests. */
export async function issueToken(
  provider: Provider,
  app: App,
  userId: string,
  settings: Settings,
): Promise<{ access_token: string; token_type: 'Bearer'; expires_in: number }> {
  const client = await provider.Client.find(app.clientId);
  if (!client) throw new Error(`no client ${app.clientId}`);
  const token = new provider.AccessToken({
    accountId: userId,
    client,
    scope: SCOPES.filter((scope) => scope !== 'offline_access').join(' '),
    gty: 'authorization_code',
  } as ConstructorParameters<typeof provider.AccessToken>[0]);
  token.resourceServer = new provider.ResourceServer(
    resourceOf(app),
    resourceServer(app, settings),
  );
  return {
    access_token: await token.save(),
    token_type: 'Bearer',
    expires_in: settings.lifetimes.accessToken,
  };
}
