/** A repository and a server of a test's own. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { loadKeys } from '../src/keys.ts';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { start } from '../src/start.ts';

export async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'auth-dev-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

/** Making a key takes longer than all the rest of a test, so the servers of one file share theirs. */
let keys: Promise<string> | undefined;

async function dataFolder(): Promise<string> {
  keys ??= mkdtemp(join(tmpdir(), 'auth-dev-keys-')).then(async (made) => {
    await loadKeys(made);
    return made;
  });
  const made = await folder();
  await cp(await keys, made, { recursive: true });
  return made;
}

afterAll(async () => {
  if (keys) await rm(await keys, { recursive: true });
});

export interface ManifestOptions {
  groups?: string[];
  clientId?: string;
  port?: number;
}

export function manifest(slug: string, { groups, clientId, port }: ManifestOptions = {}): string {
  return [
    'schema_version: 1',
    `slug: ${slug}`,
    `name: The ${slug}`,
    'auth:',
    `  client_id: ${clientId ?? slug}`,
    `  groups: ${JSON.stringify(groups ?? [`${slug}-users`])}`,
    `ports: { frontend: ${String(port ?? 13010)} }`,
    '',
  ].join('\n');
}

/** Puts an app into the repository. */
export async function put(repository: string, path: string, text: string): Promise<string> {
  const app = join(repository, path);
  await mkdir(app, { recursive: true });
  await writeFile(join(app, 'app.manifest.yml'), text);
  return app;
}

export interface Server {
  url: string;
  repository: string;
  dataDir: string;
  lines: Record<string, unknown>[];
  stop: () => Promise<void>;
}

/** Two apps and a client, unless the test brings its own repository. */
export async function serve(env: Record<string, string> = {}): Promise<Server> {
  let repository = env['REPOSITORY_DIR'];
  if (repository === undefined) {
    repository = await folder();
    await put(repository, 'apps/products/orders', manifest('orders', { port: 13010 }));
    await put(repository, 'apps/desk', manifest('desk', { port: 13020 }));
    await put(
      repository,
      'clients/acme',
      manifest('acme', { groups: ['partners'], clientId: 'acme-web', port: 13030 }),
    );
  }
  const lines: Record<string, unknown>[] = [];
  const log = jsonLog((line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  const settings = readSettings({
    PORT: '0',
    DATA_DIR: env['DATA_DIR'] ?? (await dataFolder()),
    ...env,
    REPOSITORY_DIR: repository,
  });
  const running = await start(settings, log);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= running.stop());
  onTestFinished(stop);
  const url = `http://127.0.0.1:${String(running.port)}`;
  return { url, repository, dataDir: settings.dataDir, lines, stop };
}
