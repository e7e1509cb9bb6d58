import { useCallback, useEffect, useState } from 'react';

import type { Config } from './config';

const TIMEOUT_MS = 10_000;

interface ConfigRequest {
  config: Config | null;
  failed: boolean;
  retry: () => void;
}

/** Asks the backend for its configuration, once and then on every `retry`. */
export function useConfigRequest(): ConfigRequest {
  const [attempt, setAttempt] = useState(0);
  const [config, setConfig] = useState<Config | null>(null);
  const [failedAttempt, setFailedAttempt] = useState<number | null>(null);

  useEffect(() => {
    const controller = new AbortController();
    fetchConfig(controller.signal).then(
      (answer) => {
        document.title = answer.app_name;
        setConfig(answer);
      },
      () => {
        if (!controller.signal.aborted) {
          setFailedAttempt(attempt);
        }
      },
    );
    return () => {
      controller.abort();
    };
  }, [attempt]);

  const retry = useCallback(() => {
    setAttempt((before) => before + 1);
  }, []);

  return { config, failed: failedAttempt === attempt, retry };
}

async function fetchConfig(signal: AbortSignal): Promise<Config> {
  const response = await fetch('/api/config', {
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  if (!response.ok) {
    throw new Error(`/api/config answered ${String(response.status)}`);
  }
  return (await response.json()) as Config;
}
