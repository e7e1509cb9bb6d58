import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { Browser, Client, type Tokens } from './browser.ts';
import { serve, type Server } from './running.ts';

async function setUp(env?: Record<string, string>) {
  const server = await serve(env);
  return {
    server,
    browser: new Browser(server.url),
    orders: new Client(server.url, 'orders'),
    desk: new Client(server.url, 'desk'),
    acme: new Client(server.url, 'acme', 'acme-web'),
  };
}

const verify = (server: Server, client: Client, token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${server.url}${client.mount}/jwks`)), {
    issuer: `http://auth.localhost${client.mount}/`,
    audience: client.clientId,
    algorithms: ['RS256'],
  });

const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;

describe('signing in', () => {
  it('gives the app an access token for its own API and an ID token for its page', async () => {
    const { server, browser, acme } = await setUp({ ACCESS_TOKEN_SECONDS: '77' });

    const page = await browser.open(acme.authorizeUrl());
    expect(page.status).toBe(200);
    expect(page.text).toContain('Sign in to The acme');
    expect(page.text).toContain('Sign-in for development');

    const back = await browser.submit(page, { username: 'admin', password: 'admin' });
    expect(back.url.origin + back.url.pathname).toBe('http://acme.localhost/auth/callback');
    expect(back.url.searchParams.get('state')).toBe('the-state');

    const tokens = await acme.exchange(back.url);
    expect(tokens.expires_in).toBe(77);
    const access = await verify(server, acme, tokens.access_token);
    expect(access.protectedHeader.alg).toBe('RS256');
    expect(access.payload).toMatchObject({
      sub: 'admin',
      aud: 'acme-web',
      name: 'Ada Admin',
      preferred_username: 'admin',
      email: 'admin@example.com',
      groups: ['admins', 'desk-users', 'orders-users', 'partners'],
      scope: 'openid profile email groups',
    });
    expect((access.payload.exp ?? 0) - (access.payload.iat ?? 0)).toBe(77);

    const id = await verify(server, acme, tokens.id_token);
    expect(id.payload).toMatchObject({
      sub: 'admin',
      name: 'Ada Admin',
      email: 'admin@example.com',
    });
  });

  it.each([
    ['alice', ['desk-users', 'orders-users']],
    ['bob', []],
  ])('puts %s into the right groups', async (user, groups) => {
    const { browser, orders } = await setUp();
    const tokens = await orders.signIn(browser, user);
    expect(decodeJwt(tokens.access_token)['groups']).toEqual(groups);
  });

  it('asks again after a wrong password, and keeps the name that was typed, escaped', async () => {
    const { server, browser, orders } = await setUp();
    const page = await browser.open(orders.authorizeUrl());
    const again = await browser.submit(page, { username: '"><script>', password: 'alice' });
    expect(again.status).toBe(422);
    expect(again.text).toContain('No user has this name and password.');
    expect(again.text).toContain('value="&quot;&gt;&lt;script&gt;"');
    const back = await browser.submit(again, { username: 'alice', password: 'alice' });
    expect(back.url.searchParams.has('code')).toBe(true);
    expect(JSON.stringify(server.lines)).not.toContain(back.url.searchParams.get('code'));
  });

  it('refuses an address to return to that the manifest does not stand for', async () => {
    const { browser, orders } = await setUp();
    const page = await browser.open(orders.authorizeUrl({ redirect_uri: 'http://evil.example/' }));
    expect(page.status).toBe(400);
    expect(page.text).toContain('invalid_redirect_uri');
  });

  it('accepts the app at its own port', async () => {
    const { browser, orders } = await setUp();
    const redirect_uri = 'http://127.0.0.1:13010/auth/callback';
    const page = await browser.open(orders.authorizeUrl({ redirect_uri }));
    expect(page.text).toContain('Sign in to The orders');
  });

  it('wants PKCE, and the verifier that belongs to the code', async () => {
    const { browser, orders } = await setUp();
    const page = await browser.open(orders.authorizeUrl({ code_challenge: '' }));
    expect(page.url.searchParams.get('error')).toBe('invalid_request');

    const asked = await browser.open(orders.authorizeUrl());
    const back = await browser.submit(asked, { username: 'alice', password: 'alice' });
    const response = await orders.token({
      grant_type: 'authorization_code',
      code: back.url.searchParams.get('code') ?? '',
      redirect_uri: orders.redirectUri,
      code_verifier: 'a'.repeat(43),
    });
    expect(await errorOf(response)).toBe('invalid_grant');
  });

  it('lets only the pages of the app ask for tokens', async () => {
    const { server, orders } = await setUp();
    const preflight = await orders.token({ grant_type: 'refresh_token', refresh_token: 'x' });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://orders.localhost');
    const foreign = await fetch(`${server.url}${orders.mount}/token`, {
      method: 'POST',
      headers: { origin: 'http://desk.localhost' },
      body: new URLSearchParams({ client_id: 'orders', grant_type: 'refresh_token' }),
    });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('single sign-on', () => {
  it('signs in to a second app without a page', async () => {
    const { server, browser, orders, desk } = await setUp();
    await orders.signIn(browser, 'alice');
    const tokens = await desk.signInAgain(browser);
    expect((await verify(server, desk, tokens.access_token)).payload.sub).toBe('alice');
    await expect(verify(server, orders, tokens.access_token)).rejects.toThrow();
  });

  it('has no user before a first sign-in', async () => {
    const { browser, orders } = await setUp();
    const page = await browser.open(orders.authorizeUrl({ prompt: 'none' }));
    expect(page.url.searchParams.get('error')).toBe('login_required');
  });

  it('signs in another user when the app asks for the sign-in page', async () => {
    const { browser, orders } = await setUp();
    await orders.signIn(browser, 'alice');
    const page = await browser.open(orders.authorizeUrl({ prompt: 'login', login_hint: 'bob' }));
    expect(page.text).toContain('value="bob"');
    const left = await browser.submit(page, { username: 'bob', password: 'bob' });
    // oidc-provider signs alice out first, by a form that a browser's script sends.
    const back = await browser.submit(left, {});
    const tokens = await orders.exchange(back.url);
    expect(decodeJwt(tokens.access_token).sub).toBe('bob');
  });

  it('needs no question for prompt=consent', async () => {
    const { browser, orders } = await setUp();
    await orders.signIn(browser, 'alice');
    const back = await browser.open(orders.authorizeUrl({ prompt: 'consent' }));
    expect((await orders.exchange(back.url)).refresh_token).toBeTruthy();
  });
});

describe('refresh tokens', () => {
  it('are rotated, and one that is used twice ends the whole sign-in of that app', async () => {
    const { browser, orders } = await setUp();
    const first = await orders.signIn(browser, 'alice');
    const second = (await (await orders.refresh(first)).json()) as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(decodeJwt(second.access_token)).toMatchObject({ sub: 'alice', aud: 'orders' });

    expect(await errorOf(await orders.refresh(first))).toBe('invalid_grant');
    expect(await errorOf(await orders.refresh(second))).toBe('invalid_grant');
  });

  it('of one app are worth nothing to another', async () => {
    const { browser, orders, desk } = await setUp();
    const tokens = await orders.signIn(browser, 'alice');
    expect(await errorOf(await desk.refresh(tokens))).toBe('invalid_grant');
  });

  it('expire', async () => {
    const { browser, orders } = await setUp({ REFRESH_TOKEN_SECONDS: '1' });
    const tokens = await orders.signIn(browser, 'alice');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await errorOf(await orders.refresh(tokens))).toBe('invalid_grant');
  });

  it('can be given back', async () => {
    const { server, browser, orders } = await setUp();
    const tokens = await orders.signIn(browser, 'alice');
    const revoked = await fetch(`${server.url}${orders.mount}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'orders', token: tokens.refresh_token }),
    });
    expect(revoked.status).toBe(200);
    expect(await errorOf(await orders.refresh(tokens))).toBe('invalid_grant');
  });
});

describe('signing out', () => {
  const end = (client: Client, extra: Record<string, string>) =>
    `${client.mount}/session/end?${new URLSearchParams({
      client_id: client.clientId,
      post_logout_redirect_uri: `http://${client.slug}.localhost/`,
      state: 'bye',
      ...extra,
    }).toString()}`;

  it('ends every app, and goes back to the one that asked', async () => {
    const { browser, orders, desk } = await setUp();
    const tokens = await orders.signIn(browser, 'alice');
    const others = await desk.signInAgain(browser);

    const page = await browser.open(end(orders, { id_token_hint: tokens.id_token }));
    expect(page.text).toContain('data-press="yes"');
    const back = await browser.submit(page, { logout: 'yes' });
    expect(back.url.href).toBe('http://orders.localhost/?state=bye');

    const again = await browser.open(desk.authorizeUrl({ prompt: 'none' }));
    expect(again.url.searchParams.get('error')).toBe('login_required');
    expect(await errorOf(await orders.refresh(tokens))).toBe('invalid_grant');
    expect(await errorOf(await desk.refresh(others))).toBe('invalid_grant');
  });

  it('asks first where no ID token shows that the app wants it', async () => {
    const { browser, orders } = await setUp();
    await orders.signIn(browser, 'alice');
    const page = await browser.open(end(orders, {}));
    expect(page.text).toContain('Do you want to sign out');
    expect(page.text).not.toContain('data-press="yes"');
  });

  it('ends on the service’s own page if the app names none', async () => {
    const { browser, orders } = await setUp();
    const { id_token } = await orders.signIn(browser, 'alice');
    const page = await browser.open(`${orders.mount}/session/end?id_token_hint=${id_token}`);
    const ended = await browser.submit(page, { logout: 'yes' });
    expect(ended.text).toContain('You are signed out');
    expect(ended.text).toContain('href="http://orders.localhost/"');
  });
});

describe('a restart', () => {
  it('signs no user out and keeps the key', async () => {
    const first = await setUp();
    const tokens = await first.orders.signIn(first.browser, 'alice');
    await first.server.stop();
    // The second server gets the folder that setUp created for the first one.
    const dataDir = first.server.dataDir;
    const server = await serve({ DATA_DIR: dataDir, REPOSITORY_DIR: first.server.repository });
    const orders = new Client(server.url, 'orders');
    expect((await verify(server, orders, tokens.access_token)).payload.sub).toBe('alice');
    expect((await orders.refresh(tokens)).status).toBe(200);
  });
});
