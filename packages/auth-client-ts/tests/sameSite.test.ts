// @vitest-environment node
import { expect, test } from 'vitest';

import { sharesCookies } from '../src/sameSite';

test.each([
  ['orders.example.com', 'auth.example.com', true],
  ['orders.apps.example.com', 'auth.apps.example.com', true],
  ['orders.example.com', 'example.com', true],
  ['127.0.0.1', '127.0.0.1', true],
  ['localhost', 'localhost', true],
  ['orders.localhost', 'auth.localhost', false],
  ['127.0.0.1', 'auth.localhost', false],
  ['127.0.0.1', '10.0.0.1', false],
  ['[::1]', '[::2]', false],
  ['orders.example.com', 'auth.example.org', false],
  ['orders.example.com', 'auth.notexample.com', false],
])('a frame of the service on %s and %s', (page, service, shares) => {
  expect(sharesCookies(page, service)).toBe(shares);
});
