/**
 * A real OpenID provider on loopback: the certified `oidc-provider`, with rotating refresh tokens, whose reuse ends the
 * session. Its sign-in page has one button for each user.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider, type Configuration } from 'oidc-provider';

const USERS: Record<string, { name: string; email: string; groups: string[] }> = {
  alice: { name: 'Alice Adams', email: 'alice@example.test', groups: ['page-users'] },
  bob: { name: 'Bob Brown', email: 'bob@example.test', groups: [] },
};

export interface TestProvider {
  issuer: string;
  /** Grant types that the token endpoint was asked for, in order. */
  tokenRequests: string[];
  /** The query of every authorization request, in order. */
  authorizationRequests: URLSearchParams[];
  /** While true, every answer is a gateway's 502 page. */
  down: boolean;
  /** While true, the person refuses at the sign-in page. */
  denies: boolean;
  /** Who a token belongs to; null when it is not valid. */
  subjectOf: (accessToken: string) => Promise<string | null>;
  /** Makes every refresh token worthless; the session stays. */
  revokeGrants: () => Promise<void>;
  /** Forgets everything but the clients. */
  reset: () => void;
  close: () => Promise<void>;
}

export async function startProvider(
  host: string,
  redirectOrigins: string[],
  clientIds: string[],
): Promise<TestProvider> {
  const server = createServer();
  await listen(server);
  const issuer = `http://${host}:${String((server.address() as AddressInfo).port)}`;
  const provider = new Provider(issuer, configuration(redirectOrigins, clientIds));
  const answer = provider.callback();
  const grants = new Set<string>();

  const control: TestProvider = {
    issuer,
    tokenRequests: [],
    authorizationRequests: [],
    down: false,
    denies: false,
    subjectOf: async (value) => (await provider.AccessToken.find(value))?.accountId ?? null,
    revokeGrants: async () => {
      for (const id of grants) {
        await (await provider.Grant.find(id))?.destroy();
      }
    },
    reset: () => {
      control.tokenRequests = [];
      control.authorizationRequests = [];
      control.down = false;
      control.denies = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };

  provider.on('grant.success', (context) => {
    control.tokenRequests.push(String(context.oidc.params?.['grant_type']));
  });
  provider.on('grant.error', (context) => {
    control.tokenRequests.push(`${String(context.oidc.params?.['grant_type'])} refused`);
  });

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    if (control.down) {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>');
      return;
    }
    if (url.pathname === '/auth') {
      control.authorizationRequests.push(url.searchParams);
    }
    if (!url.pathname.startsWith('/sign-in/')) {
      void answer(request, response);
      return;
    }
    const login = url.searchParams.get('user');
    if (login === null) {
      const links = Object.keys(USERS).map((user) => `<a href="?user=${user}">${user}</a>`);
      response.setHeader('content-type', 'text/html');
      response.end(`<h1>Who are you?</h1>${links.join(' ')} <a href="?user=nobody">Refuse</a>`);
      return;
    }
    void finish(login);

    async function finish(user: string): Promise<void> {
      if (user === 'nobody') {
        await provider.interactionFinished(request, response, {
          error: 'access_denied',
          error_description: 'you said no',
        });
        return;
      }
      const { params } = await provider.interactionDetails(request, response);
      const grant = new provider.Grant({ accountId: user, clientId: String(params['client_id']) });
      grant.addOIDCScope(String(params['scope']));
      const grantId = await grant.save();
      grants.add(grantId);
      await provider.interactionFinished(request, response, {
        login: { accountId: user },
        consent: { grantId },
      });
    }
  });
  return control;
}

function configuration(redirectOrigins: string[], clientIds: string[]): Configuration {
  return {
    clients: clientIds.map((client_id) => ({
      client_id,
      token_endpoint_auth_method: 'none',
      application_type: 'web',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: redirectOrigins.flatMap((origin) => [
        `${origin}/auth/callback`,
        `${origin}/auth/silent`,
      ]),
      post_logout_redirect_uris: redirectOrigins.map((origin) => `${origin}/`),
    })),
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
      groups: ['groups'],
    },
    clientBasedCORS: () => true,
    conformIdTokenClaims: false,
    cookies: { keys: ['for tests only'] },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = `${form}<script>document.forms[0].insertAdjacentHTML('beforeend', '<input name="logout" value="yes">');document.forms[0].submit()</script>`;
        },
      },
    },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, preferred_username: sub, ...USERS[sub] }),
    }),
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    // A new grant for each sign-in, so that a revoked one is not met again.
    loadExistingGrant: async (context) => {
      const { client, session, provider, result } = context.oidc;
      if (client === undefined || session?.accountId === undefined) {
        return undefined;
      }
      const known = await provider.Grant.find(
        result?.consent?.grantId ?? session.grantIdFor(client.clientId) ?? 'none',
      );
      if (known !== undefined) {
        return known;
      }
      const grant = new provider.Grant({
        accountId: session.accountId,
        clientId: client.clientId,
      });
      grant.addOIDCScope('openid profile email groups offline_access');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    ttl: { AccessToken: 900, Grant: 86_400, IdToken: 900, Interaction: 600, Session: 86_400 },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
}
