/** The API accepts tokens that the sign-in issued for it, and refuses forged ones. */
import assert from 'node:assert/strict';
import { before, describe } from 'node:test';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
  decodeJwt,
  exportSPKI,
} from 'jose';
import { Person } from './browser.ts';
import { type Answer, ask, json } from './http.ts';
import type { Stack } from './stack.ts';
import { it } from './test.ts';

/** The parts of a valid token: the sign-in's key, and the claims of a real one. */
interface Material {
  jwk: JWK;
  claims: JWTPayload;
}

const sign = async ({ jwk }: Material, claims: JWTPayload, header: Record<string, string> = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: jwk.kid ?? '', ...header })
    .sign(await importJWK(jwk, 'RS256'));

const now = () => Math.floor(Date.now() / 1000);
const HOUR = 3600;

/** Each token differs from a valid one in one point. */
const FORGED: Record<string, (material: Material) => Promise<string> | string> = {
  'is not signed (alg none)': ({ claims }) => new UnsecuredJWT(claims).encode(),
  'is signed with another key, under the same id': async ({ jwk, claims }) => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    return sign({ jwk: { ...(await exportJWK(privateKey)), kid: jwk.kid ?? '' }, claims }, claims);
  },
  'is signed with a key that the sign-in does not have': async ({ claims }) => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: 'unheard-of' };
    return sign({ jwk, claims }, claims);
  },
  'is signed with the public key as a secret (HS256)': async ({ jwk, claims }) => {
    const { kty, n, e } = jwk;
    const publicKey = await importJWK({ kty: kty ?? 'RSA', n: n ?? '', e: e ?? '' }, 'RS256');
    assert.ok(!(publicKey instanceof Uint8Array));
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: jwk.kid ?? '' })
      .sign(new TextEncoder().encode(await exportSPKI(publicKey)));
  },
  'brings its key along (jwk in the header)': async ({ claims }) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey) })
      .sign(privateKey);
  },
  'is for another app (aud)': (it) => sign(it, { ...it.claims, aud: 'e2e-acme' }),
  'has no audience (no aud)': (it) => sign(it, without(it.claims, 'aud')),
  'is of another issuer': (it) =>
    sign(it, { ...it.claims, iss: 'http://auth.localhost/application/o/e2e-acme/' }),
  'has expired': (it) => sign(it, { ...it.claims, iat: now() - 2 * HOUR, exp: now() - HOUR }),
  'never expires (no exp)': (it) => sign(it, without(it.claims, 'exp')),
  'is not valid yet (nbf)': (it) => sign(it, { ...it.claims, nbf: now() + HOUR }),
  'has no subject (no sub)': (it) => sign(it, without(it.claims, 'sub')),
  'was changed after it was signed': async (it) => {
    const [header, , signature] = (await sign(it, it.claims)).split('.');
    const claims = Buffer.from(JSON.stringify({ ...it.claims, sub: 'admin' })).toString(
      'base64url',
    );
    return [header, claims, signature].join('.');
  },
  'is no token': () => 'not.a.token',
};

export function tokens(stack: Stack): void {
  void describe('the API', () => {
    const orders = stack.app('product');
    const api = orders.origin;
    let material: Material;

    const me = (token?: string): Promise<Answer> =>
      ask(
        `${api}/api/me`,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      );

    const issued = async (user: string, clientId: string): Promise<string> => {
      const body = { user, client_id: clientId };
      return String(json(await ask(`${stack.authOrigin}/dev/token`, { body }))['access_token']);
    };

    before(async () => {
      const keys = JSON.parse(await stack.auth.exec('auth-dev', 'cat', '/data/keys.json')) as {
        jwks: { keys: [JWK] };
      };
      material = {
        jwk: keys.jwks.keys[0],
        claims: decodeJwt(await issued('alice', orders.slug)),
      };
    });

    it('takes a token of the sign-in', async () => {
      const answer = await me(await issued('alice', orders.slug));
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(json(answer)['name'], 'Alice Archer');
    });

    it('takes one that these tests signed with its key, so that the forged ones fail for their one fault', async () => {
      const answer = await me(await sign(material, material.claims));
      assert.equal(answer.status, 200, answer.text);
    });

    it('asks for a token where there is none', async () => {
      const answer = await me();
      assert.equal(answer.status, 401);
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/);
      assert.match(String(answer.headers['content-type']), /problem\+json/);
    });

    for (const [what, forge] of Object.entries(FORGED)) {
      it(`refuses a token that ${what}`, async () => {
        const answer = await me(await forge(material));
        assert.equal(answer.status, 401, answer.text);
        assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/);
      });
    }

    it('refuses the token that the sign-in gave out for another app', async () => {
      assert.equal((await me(await issued('alice', 'e2e-acme'))).status, 401);
    });

    it('refuses the ID token, which is for the page', async () => {
      const person = await Person.sitDown();
      const tab = await person.openTab();
      await tab.signIn(orders, 'alice', 'Alice Archer');
      const { access_token, id_token } = await tab.tokens(orders);
      await person.leave();
      assert.equal((await me(access_token)).status, 200);
      assert.equal((await me(id_token)).status, 401);
    });

    it('refuses users outside the group, and shows no user another one’s notes', async () => {
      const bob = await me(await issued('bob', orders.slug));
      assert.equal(bob.status, 403);
      assert.match(String(bob.headers['content-type']), /problem\+json/);

      const as = async (user: string) => ({
        headers: { authorization: `Bearer ${await issued(user, orders.slug)}` },
      });
      const body = { text: 'Mine' };
      const made = await ask(`${api}/api/notes`, { ...(await as('admin')), body });
      assert.equal(made.status, 201, made.text);
      const note = `${api}/api/notes/${String(json(made)['id'])}`;
      const others = await ask(`${api}/api/notes`, await as('alice'));
      assert.doesNotMatch(others.text, /Mine/);
      assert.equal((await ask(note, { ...(await as('alice')), method: 'DELETE' })).status, 404);
      assert.equal((await ask(note, { ...(await as('admin')), method: 'DELETE' })).status, 204);
    });
  });
}

function without(claims: JWTPayload, name: string): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));
}
