import { useCallback, useEffect, useState } from 'react';

import { answerOf, useApi } from '../api/client';
import { problemFromError, type Problem } from '../api/problem';
import type { components } from '../api/schema';

export type AppSummary = components['schemas']['AppSummary'];
export type AppList = components['schemas']['AppList'];
export type AppState = components['schemas']['AppState'];

/** How often a visible page requests the apps' states. */
const REFRESH_MS = 10_000;

export interface Apps {
  /** Null until the first answer. */
  list: AppList | null;
  /** Why the last request failed; the list, if there is one, is then an earlier one. */
  problem: Problem | null;
  reload: () => void;
  /** Rejects with a `Problem`, after which everything is as it was. */
  setFavourite: (app: AppSummary, favourite: boolean) => Promise<void>;
  /** Resolves when the backend has recorded it, or can't be reached. */
  noteOpening: (app: AppSummary) => Promise<void>;
}

/** The apps that the person may see, requested again while the page is visible. */
export function useApps(): Apps {
  const api = useApi();
  const [attempt, setAttempt] = useState(0);
  const [list, setList] = useState<AppList | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    const ask = () => {
      answerOf(api.GET('/api/apps', { signal: controller.signal })).then(
        (answer) => {
          setList(answer);
          setProblem(null);
        },
        (error: unknown) => {
          if (!controller.signal.aborted) {
            setProblem(problemFromError(error));
          }
        },
      );
    };
    const askWhenSeen = () => {
      if (document.visibilityState === 'visible') {
        ask();
      }
    };
    ask();
    const timer = setInterval(askWhenSeen, REFRESH_MS);
    document.addEventListener('visibilitychange', askWhenSeen);
    return () => {
      controller.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', askWhenSeen);
    };
  }, [api, attempt]);

  const reload = useCallback(() => {
    setProblem(null);
    setAttempt((before) => before + 1);
  }, []);

  const change = useCallback((slug: string, changes: Partial<AppSummary>) => {
    setList(
      (before) =>
        before && {
          ...before,
          items: before.items.map((app) => (app.slug === slug ? { ...app, ...changes } : app)),
        },
    );
  }, []);

  const setFavourite = useCallback(
    async ({ slug }: AppSummary, favourite: boolean) => {
      const path = { params: { path: { slug } } };
      // Shown at once: an answer that is on its way may still say the opposite, for a moment.
      change(slug, { favourite });
      try {
        await answerOf(
          favourite
            ? api.PUT('/api/apps/{slug}/favourite', path)
            : api.DELETE('/api/apps/{slug}/favourite', path),
        );
      } catch (error) {
        change(slug, { favourite: !favourite });
        throw error;
      }
    },
    [api, change],
  );

  const noteOpening = useCallback(
    async ({ slug }: AppSummary) => {
      change(slug, { opened_at: new Date().toISOString() });
      // A mark that could not be saved is not worth a message.
      await api
        .POST('/api/apps/{slug}/openings', { params: { path: { slug } }, keepalive: true })
        .catch(() => undefined);
    },
    [api, change],
  );

  return { list, problem, reload, setFavourite, noteOpening };
}
