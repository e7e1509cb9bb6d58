import { useAuthFetch } from '@scalr/auth-client';
import createClient, { type Client, type FetchResponse } from 'openapi-fetch';
import { useMemo } from 'react';

import { problemFromAnswer, problemFromError } from './problem';
import type { paths } from './schema';

export type Api = Client<paths>;

/**
 * The app's API, in the name of the signed-in person. Paths, parameters and answers are checked against schema.ts,
 * which is generated from the backend: after a change there, run `make api-types`.
 */
export function useApi(): Api {
  const authFetch = useAuthFetch();
  return useMemo(
    () => createClient<paths>({ baseUrl: location.origin, fetch: authFetch }),
    [authFetch],
  );
}

/** The answer's data; every failure becomes a `Problem`. */
export async function answerOf<
  T extends Record<string | number, unknown>,
  O,
  M extends `${string}/${string}`,
>(call: Promise<FetchResponse<T, O, M>>): Promise<NonNullable<FetchResponse<T, O, M>['data']>> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    throw problemFromError(reason);
  });
  if (!response.ok) {
    throw problemFromAnswer(response, error);
  }
  return data as NonNullable<typeof data>;
}
