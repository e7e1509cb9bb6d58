import { useCallback, useEffect, useState } from 'react';

import { fetchHealth, type Health } from './health';

export type HealthState = { status: 'loading' } | Health;

/** The backend's health, asked for once when the page opens and again on every `retry`. */
export function useHealth(): { health: HealthState; retry: () => void } {
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<{ attempt: number; health: Health } | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    fetchHealth(controller.signal).then(
      (health) => {
        setAnswer({ attempt, health });
      },
      () => {
        // Aborted: the page is gone, or a newer attempt has taken over.
      },
    );
    return () => {
      controller.abort();
    };
  }, [attempt]);

  const retry = useCallback(() => {
    setAttempt((previous) => previous + 1);
  }, []);

  return {
    health: answer?.attempt === attempt ? answer.health : { status: 'loading' },
    retry,
  };
}
