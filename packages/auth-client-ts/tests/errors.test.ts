// @vitest-environment node
import { ErrorResponse, ErrorTimeout } from 'oidc-client-ts';
import { expect, test } from 'vitest';

import { AuthError, toAuthError } from '../src/errors';

test.each<[string, unknown, string]>([
  ['no connection', new TypeError('Failed to fetch'), 'unreachable'],
  ['no answer in time', new ErrorTimeout('Network timed out'), 'unreachable'],
  ['a gateway’s page', new Error('Invalid response Content-Type: text/html'), 'unreachable'],
  ['a service in trouble', new ErrorResponse({ error: 'server_error' }), 'unreachable'],
  [
    'a service in maintenance',
    new ErrorResponse({ error: 'temporarily_unavailable' }),
    'unreachable',
  ],
  ['a refusal', new ErrorResponse({ error: 'access_denied' }), 'refused'],
  ['a used token', new ErrorResponse({ error: 'invalid_grant' }), 'refused'],
  ['blocked storage', new DOMException('denied', 'SecurityError'), 'storage-blocked'],
])('%s is told from the others', (_, error, kind) => {
  expect(toAuthError(error).kind).toBe(kind);
  expect(toAuthError(error).cause).toBe(error);
});

test('a refusal carries the words of the service', () => {
  const error = new ErrorResponse({ error: 'access_denied', error_description: 'not today' });
  expect(toAuthError(error).message).toContain('not today');
});

test('what is told already is not told anew', () => {
  const error = new AuthError('endless', 'round and round');
  expect(toAuthError(error)).toBe(error);
});
