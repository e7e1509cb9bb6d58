// @vitest-environment node
import type { IdTokenClaims } from 'oidc-client-ts';
import { expect, test } from 'vitest';

import { isSameUser, userFromClaims } from '../src/user';

const BASE: IdTokenClaims = {
  sub: 'u-1',
  iss: 'http://auth.localhost',
  aud: 'page',
  exp: 2,
  iat: 1,
};

test.each([
  ['the name', { name: 'Ada L.', preferred_username: 'ada', email: 'ada@example.test' }, 'Ada L.'],
  ['the user name', { name: ' ', preferred_username: 'ada', email: 'ada@example.test' }, 'ada'],
  ['the address', { email: 'ada@example.test' }, 'ada@example.test'],
  ['the identifier', {}, 'u-1'],
])('a person is called by %s', (_, claims, name) => {
  expect(userFromClaims({ ...BASE, ...claims }).name).toBe(name);
});

test('groups are a list of texts, whatever the token says', () => {
  expect(userFromClaims({ ...BASE, groups: ['a', 1, 'b'] }).groups).toEqual(['a', 'b']);
  expect(userFromClaims({ ...BASE, groups: 'a' }).groups).toEqual([]);
  expect(userFromClaims(BASE).groups).toEqual([]);
});

test('a renewed token that says the same is the same user', () => {
  const user = userFromClaims({ ...BASE, name: 'Ada' });
  expect(isSameUser(user, userFromClaims({ ...BASE, name: 'Ada', exp: 900 }))).toBe(true);
  expect(isSameUser(user, userFromClaims({ ...BASE, name: 'Ada L.' }))).toBe(false);
});
