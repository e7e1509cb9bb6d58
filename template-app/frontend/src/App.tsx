import { AppShell, Button } from '@scalr/ui';

import { useHealth, type HealthState } from './useHealth';

export function App({ name }: { name: string }) {
  const { health, retry } = useHealth();

  return (
    <AppShell title={name}>
      <section className="rounded-lg border border-slate-200 bg-white p-6">
        <h2 className="text-base font-semibold">Status</h2>
        <div role="status" className="mt-2 text-slate-700">
          <Status health={health} />
        </div>
        <Button
          className="mt-4"
          variant="secondary"
          busy={health.status === 'loading'}
          onClick={retry}
        >
          Check again
        </Button>
      </section>
    </AppShell>
  );
}

function Status({ health }: { health: HealthState }) {
  switch (health.status) {
    case 'loading':
      return <p>Asking the backend…</p>;
    case 'ready':
      return <p>The backend is healthy and has its database.</p>;
    case 'unavailable':
      return <p className="text-red-800">The backend is not healthy: {health.reason}.</p>;
  }
}
