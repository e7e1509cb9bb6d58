/** Where the backend says whether it can do its work; the path is the manifest's `health.ready`. */
export const READY_PATH = '/api/health/ready';

/** Longer than the backend's own patience with its database, so that its answer wins over ours. */
export const READY_TIMEOUT_MS = 10_000;

export type Health = { status: 'ready' } | { status: 'unavailable'; reason: string };

/**
 * Asks the backend once.
 *
 * Every failure (no connection, no answer in time, an answer of another shape) becomes `unavailable`
 * with a reason that a person can read; only an abort by `signal` is thrown.
 */
export async function fetchHealth(signal: AbortSignal): Promise<Health> {
  let response: Response;
  try {
    response = await fetch(READY_PATH, {
      headers: { Accept: 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    return {
      status: 'unavailable',
      reason: timedOut ? 'it did not answer in time' : 'it cannot be reached',
    };
  }

  if (response.ok) {
    const body: unknown = await response.json().catch(() => {
      signal.throwIfAborted();
      return null;
    });
    return isReady(body)
      ? { status: 'ready' }
      : { status: 'unavailable', reason: 'it answered with something unexpected' };
  }
  if (response.status === 503) {
    return { status: 'unavailable', reason: 'it has no database' };
  }
  return { status: 'unavailable', reason: `it answered with status ${String(response.status)}` };
}

function isReady(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'status' in body && body.status === 'ready';
}
