import { useCallback, useEffect, useState } from 'react';

import { answerOf, useApi } from '../api/client';
import { problemFromError, type Problem } from '../api/problem';
import type { components } from '../api/schema';

export type AppDetails = components['schemas']['AppDetails'];
export type AppReference = components['schemas']['AppReference'];

const REFRESH_MS = 10_000;

export interface AppAnswer {
  app: AppDetails | null;
  problem: Problem | null;
  reload: () => void;
  /** Resolves when the backend has recorded it, or can't be reached. */
  noteOpening: () => Promise<void>;
}

/** One app, requested again while the page is visible. */
export function useApp(slug: string): AppAnswer {
  const api = useApi();
  const [attempt, setAttempt] = useState(0);
  const [app, setApp] = useState<AppDetails | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    const ask = () => {
      if (document.visibilityState !== 'visible') {
        return;
      }
      const path = { params: { path: { slug } }, signal: controller.signal };
      answerOf(api.GET('/api/apps/{slug}', path)).then(
        (answer) => {
          setApp(answer);
          setProblem(null);
        },
        (error: unknown) => {
          if (!controller.signal.aborted) {
            setProblem(problemFromError(error));
          }
        },
      );
    };
    ask();
    const timer = setInterval(ask, REFRESH_MS);
    document.addEventListener('visibilitychange', ask);
    return () => {
      controller.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [api, slug, attempt]);

  const reload = useCallback(() => {
    setProblem(null);
    setAttempt((before) => before + 1);
  }, []);

  const noteOpening = useCallback(async () => {
    // A mark that could not be saved is not worth a message.
    await api
      .POST('/api/apps/{slug}/openings', { params: { path: { slug } }, keepalive: true })
      .catch(() => undefined);
  }, [api, slug]);

  return { app, problem, reload, noteOpening };
}
