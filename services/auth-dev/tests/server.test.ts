import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { serve } from './running.ts';

const ask = (url: string, body: unknown, type = 'application/json') =>
  fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('discovery', () => {
  it('names the issuer of the contract, whichever address it was asked at', async () => {
    const { url } = await serve();
    const found = await fetch(`${url}/application/o/orders/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    });
    const issuer = 'http://auth.localhost/application/o/orders/';
    expect(await json(found)).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}auth`,
      token_endpoint: `${issuer}token`,
      end_session_endpoint: `${issuer}session/end`,
      revocation_endpoint: `${issuer}token/revocation`,
      jwks_uri: `${issuer}jwks`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
    });
    expect(found.headers.get('access-control-allow-origin')).not.toBeNull();
  });

  it('carries the port of AUTH_ORIGIN', async () => {
    const { url } = await serve({ AUTH_ORIGIN: 'http://auth.localhost:8088' });
    const issuer = 'http://auth.localhost:8088/application/o/orders/';
    const found = await fetch(`${url}/application/o/orders/.well-known/openid-configuration`);
    expect(await json(found)).toMatchObject({ issuer, jwks_uri: `${issuer}jwks` });
    const redirect_uri = 'http://orders.localhost:8088/auth/callback';
    const asked = await fetch(
      `${url}/application/o/orders/auth?client_id=orders&response_type=code&scope=openid&code_challenge=${'a'.repeat(43)}` +
        `&code_challenge_method=S256&redirect_uri=${encodeURIComponent(redirect_uri)}`,
      { redirect: 'manual' },
    );
    expect(asked.headers.get('location')).toMatch(/^\/application\/o\/orders\/interaction\//);
  });

  it('shows the public half of the key alone', async () => {
    const { url } = await serve();
    const keys = (await json(await fetch(`${url}/application/o/orders/jwks`)))['keys'];
    expect(keys).toEqual([
      {
        kty: 'RSA',
        use: 'sig',
        alg: 'RS256',
        kid: expect.any(String) as string,
        e: 'AQAB',
        n: expect.any(String) as string,
      },
    ]);
  });

  it('says which app it does not know', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/application/o/nothing/.well-known/openid-configuration`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('called nothing');
  });

  it('works for an app that is called like an endpoint', async () => {
    const { put, manifest } = await import('./running.ts');
    const { url, repository } = await serve();
    await put(repository, 'apps/token', manifest('token'));
    const found = await fetch(`${url}/application/o/token/.well-known/openid-configuration`);
    const token_endpoint = 'http://auth.localhost/application/o/token/token';
    expect(await json(found)).toMatchObject({ token_endpoint });
    const refused = await fetch(`${url}/application/o/token/token`, { method: 'POST' });
    expect(await json(refused)).toMatchObject({ error: 'invalid_request' });
  });
});

describe('the token for smoke tests', () => {
  it('is what a sign-in would give', async () => {
    const { url } = await serve();
    const response = await ask(url, { user: 'alice', client_id: 'acme-web' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { access_token } = await json(response);
    const keys = createRemoteJWKSet(new URL(`${url}/application/o/acme/jwks`));
    const { payload } = await jwtVerify(String(access_token), keys, {
      audience: 'acme-web',
      issuer: 'http://auth.localhost/application/o/acme/',
    });
    expect(payload).toMatchObject({ sub: 'alice', groups: ['desk-users', 'orders-users'] });
  });

  it.each([
    [{ user: 'eve', client_id: 'orders' }, 'user is one of alice, bob, admin'],
    [{ user: 'alice', client_id: 'x' }, 'client_id is one of acme-web, desk, orders'],
    ['alice', 'the body is no JSON object'],
  ])('says what is wrong with %j', async (body, error) => {
    const { url } = await serve();
    const response = await ask(url, body);
    expect(response.status).toBe(400);
    expect(await json(response)).toEqual({ error });
  });

  it('is not to be had by a form of another page, nor by GET, nor with a long body', async () => {
    const { url } = await serve();
    const body = { user: 'alice', client_id: 'orders' };
    expect((await ask(url, body, 'text/plain')).status).toBe(415);
    expect((await fetch(`${url}/dev/token`)).status).toBe(404);
    expect((await ask(url, { user: 'a'.repeat(9000) })).status).toBe(413);
  });
});

describe('the pages', () => {
  it('say that they are for development, and list users and apps', async () => {
    const { url } = await serve();
    const response = await fetch(url);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await response.text();
    for (const part of ['Sign-in for development', 'alice', 'The orders', 'acme-web', 'partners']) {
      expect(text).toContain(part);
    }
  });

  it('end politely when a sign-in is over', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/application/o/orders/interaction/gone`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('href="http://orders.localhost/"');
  });

  it('say that all is well to a health check, without a line in the log', async () => {
    const { url, lines } = await serve();
    const before = lines.length;
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(lines).toHaveLength(before);
  });
});
