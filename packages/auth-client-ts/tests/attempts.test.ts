import { beforeEach, expect, test } from 'vitest';

import { Attempts } from '../src/attempts';

beforeEach(() => {
  sessionStorage.clear();
});

test('five in half a minute are let through, also by an object of a later page', () => {
  const now = () => 1_000_000;
  for (let count = 0; count < 5; count += 1) {
    expect(new Attempts('key', now).add()).toBe(true);
  }
  expect(new Attempts('key', now).add()).toBe(false);
  expect(new Attempts('another client', now).add()).toBe(true);
});

test('old ones, and those before a person stepped in, do not count', () => {
  let now = 1_000_000;
  const attempts = new Attempts('key', () => now);
  for (let count = 0; count < 6; count += 1) {
    attempts.add();
  }
  attempts.clear();
  expect(attempts.add()).toBe(true);

  for (let count = 0; count < 6; count += 1) {
    attempts.add();
  }
  expect(attempts.add()).toBe(false);
  now += 30_000;
  expect(attempts.add()).toBe(true);
});

test.each(['no JSON', '{"a":1}', '["x"]'])(
  'what else stands there counts as nothing: %s',
  (text) => {
    sessionStorage.setItem('key', text);
    expect(new Attempts('key').add()).toBe(true);
  },
);
