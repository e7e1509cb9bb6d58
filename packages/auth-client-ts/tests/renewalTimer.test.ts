// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { RenewalTimer } from '../src/renewalTimer';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function timer() {
  const renew = vi.fn(() => Promise.resolve());
  return { renew, timer: new RenewalTimer(renew) };
}

test.each([
  ['a usual token, a minute before', 900, 840],
  ['a short token, a quarter of its time before', 20, 15],
  ['a token that has ended, not at once', 0, 1],
])('%s', (_, lifetime, due) => {
  const { renew, timer: it } = timer();
  it.startFor(lifetime * 1_000);

  vi.advanceTimersByTime(due * 1_000 - 1);
  expect(renew).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(renew).toHaveBeenCalledOnce();
});

test('a token for years does not overflow the clock', () => {
  const { renew, timer: it } = timer();
  it.startFor(10 * 365 * 86_400 * 1_000);
  vi.advanceTimersByTime(86_400 * 1_000);
  expect(renew).not.toHaveBeenCalled();
});

test('failures are followed by longer and longer pauses, until a success', () => {
  const { renew, timer: it } = timer();
  const pauses = [5, 10, 20, 40, 60, 60];
  for (const [index, pause] of pauses.entries()) {
    it.tryAgainLater();
    vi.advanceTimersByTime(pause * 1_000 - 1);
    expect(renew).toHaveBeenCalledTimes(index);
    vi.advanceTimersByTime(1);
    expect(renew).toHaveBeenCalledTimes(index + 1);
  }
  it.startFor(Date.now() + 900_000);
  it.tryAgainLater();
  vi.advanceTimersByTime(5_000);
  expect(renew).toHaveBeenCalledTimes(pauses.length + 1);
});

test('a stopped one stays silent, and a later start replaces an earlier one', () => {
  const { renew, timer: it } = timer();
  it.startFor(20_000);
  it.stop();
  vi.advanceTimersByTime(60_000);
  expect(renew).not.toHaveBeenCalled();

  it.startFor(Date.now() + 20_000);
  it.startFor(Date.now() + 900_000);
  vi.advanceTimersByTime(60_000);
  expect(renew).not.toHaveBeenCalled();
});
