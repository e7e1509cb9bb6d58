import type { Session } from './session';

type Tokens = Pick<Session, 'accessToken' | 'renew'>;

/**
 * `fetch` with the access token, for this page's own origin.
 *
 * After an answer of 401 it renews the token and tries once more; the caller gets the second answer. If the
 * session has ended, it rejects with an `AuthError`, and the page goes to the sign-in.
 */
export function makeAuthFetch(session: Tokens): typeof fetch {
  // A token that was refused although it was new: renewing again would bring another one like it.
  let refused: string | null = null;

  return async (input, init) => {
    const request = toRequest(input, init);
    const token = await session.accessToken();
    const answer = await send(request.clone(), token);
    if (answer.status !== 401 || token === refused) {
      return answer;
    }
    await answer.body?.cancel();
    const renewed = await session.renew(token);
    const second = await send(request, renewed);
    if (second.status === 401) {
      refused = renewed;
    }
    return second;
  };
}

function toRequest(input: RequestInfo | URL, init?: RequestInit): Request {
  const request =
    input instanceof Request
      ? new Request(input, init)
      : new Request(new URL(input, location.href), init);
  const { origin } = new URL(request.url);
  if (origin !== location.origin) {
    throw new TypeError(
      `The access token is for ${location.origin} only, and is not sent to ${origin}; call other origins with fetch.`,
    );
  }
  return request;
}

async function send(request: Request, token: string): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${token}`);
  return fetch(request);
}
