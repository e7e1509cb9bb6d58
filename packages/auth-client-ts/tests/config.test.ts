import { expect, test } from 'vitest';

import { userManagerSettings } from '../src/config';

const CONFIG = { issuer: 'http://auth.test/o/app/', clientId: 'app' };

test('an app asks for more scopes by naming them', () => {
  const usual = 'openid profile email groups offline_access';
  expect(userManagerSettings(CONFIG, 'http://app.test').scope).toBe(usual);
  const more = { ...CONFIG, extraScopes: ['goauthentik.io/api', 'x'] };
  expect(userManagerSettings(more, 'http://app.test').scope).toBe(`${usual} goauthentik.io/api x`);
});
