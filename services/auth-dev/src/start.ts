/** Puts the parts together. */
import { mkdir, readdir } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Directory } from './directory.ts';
import { loadKeys } from './keys.ts';
import { type Log, reason } from './log.ts';
import { Manifests } from './manifests.ts';
import { createHttpServer } from './server.ts';
import { type Settings, SettingsError } from './settings.ts';
import { Store } from './store.ts';

export interface Running {
  port: number;
  stop: () => Promise<void>;
}

/** How long a request that is under way may take after the order to stop. */
const STOP_WITHIN_MS = 5000;

export async function start(settings: Settings, log: Log): Promise<Running> {
  await readdir(settings.repository).catch((error: unknown) => {
    throw new SettingsError(
      `the repository cannot be read, so there are no clients (${reason(error)}). It is mounted read-only by docker-compose.yml, ` +
        'and its folders must be readable for others: chmod o+rx',
    );
  });
  await mkdir(settings.dataDir, { recursive: true });
  const keys = await loadKeys(settings.dataDir);
  const store = await Store.open(settings.dataDir, log);
  const manifests = new Manifests(settings.repository, log);
  const directory = await Directory.open(manifests, { settings, keys, store, log });
  const server = createHttpServer(settings, directory, log);

  server.listen(settings.port);
  await once(server, 'listening');
  directory.watch();
  const { port } = server.address() as AddressInfo;
  log.warn('for development only: every password is the user name', {
    origin: settings.origin,
    port,
    clients: directory.apps.map((app) => app.slug),
  });

  return {
    port,
    stop: async () => {
      directory.close();
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const impatient = setTimeout(() => {
        server.closeAllConnections();
      }, STOP_WITHIN_MS);
      await closed;
      clearTimeout(impatient);
      await store.close();
    },
  };
}
