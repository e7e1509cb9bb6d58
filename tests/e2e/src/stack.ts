/** The clone with its apps, the gateway and the sign-in, all of it running. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, gatewayPort } from './ports.ts';
import { Project } from './project.ts';
import { REPOSITORY, SCALR } from './settings.ts';
import { run } from './run.ts';

/** An app of each kind. Its name has characters that break a template without escapes. */
const APPS = [
  { kind: 'product', slug: 'e2e-orders', name: 'Orders & “Returns”' },
  { kind: 'client', slug: 'e2e-acme', name: 'Acme' },
  { kind: 'internal', slug: 'e2e-desk', name: 'Desk' },
  { kind: 'platform', slug: 'e2e-ledger', name: 'Ledger' },
] as const;

export type Kind = (typeof APPS)[number]['kind'];

export interface App {
  kind: Kind;
  slug: string;
  name: string;
  project: Project;
  /** Its address for a browser. */
  origin: string;
  issuer: string;
  /** The host ports from its .env.app. */
  ports: { frontend: number; backend: number; db: number };
}

export interface Stack {
  httpPort: number;
  dashboardPort: number;
  authOrigin: string;
  gateway: Project;
  auth: Project;
  docs: Project;
  /** Returns what it receives through the gateway (tests/e2e/echo). */
  echo: Project;
  portal: Pick<App, 'slug' | 'name' | 'project' | 'origin' | 'issuer'>;
  app: (kind: Kind) => App;
}

export async function start(): Promise<Stack> {
  const httpPort = await gatewayPort();
  const dashboardPort = await freePort();
  const suffix = httpPort === 80 ? '' : `:${String(httpPort)}`;
  const authOrigin = `http://auth.localhost${suffix}`;
  const env = {
    GATEWAY_HTTP_PORT: String(httpPort),
    GATEWAY_DASHBOARD_PORT: String(dashboardPort),
    SCALR_AUTH_ORIGIN: authOrigin,
    SCALR_PORTAL_URL: `http://portal.localhost${suffix}`,
    SCALR_PUBLIC_DOMAIN: '',
  };
  const password = randomBytes(24).toString('hex');
  await writeFile(join(REPOSITORY, '.env.shared'), `POSTGRES_PASSWORD=${password}\n`, {
    mode: 0o600,
  });
  await movePortal();

  const apps: App[] = [];
  for (const app of APPS) apps.push(await scaffold(app, { authOrigin, suffix, env }));
  const gateway = new Project('e2e-gateway', 'services/gateway', env);
  const auth = new Project('e2e-auth-dev', 'services/auth-dev', env);
  const docs = new Project('e2e-docs', 'services/docs', env);
  const echo = new Project('e2e-echo', 'tests/e2e/echo', env);
  const portal = {
    slug: 'portal',
    name: 'Portal',
    project: new Project('e2e-portal', 'apps/portal', env),
    origin: `http://portal.localhost${suffix}`,
    issuer: `${authOrigin}/application/o/portal/`,
  };

  // Two at a time: with more, a start on a small machine may exceed its time limit.
  await said(
    'built',
    two([auth, docs, ...[...apps, portal].map(({ project }) => project)], (it) => it.build()),
  );
  await said('gateway and sign-in are up', Promise.all([gateway.up(), auth.up()]));
  await said('docs and echo are up', Promise.all([docs.up(), echo.up()]));
  await said(
    'the apps are up',
    two([...apps, portal], ({ project }) => project.up()),
  );

  return {
    httpPort,
    dashboardPort,
    authOrigin,
    gateway,
    auth,
    docs,
    echo,
    portal,
    app: (kind) => {
      const found = apps.find((app) => app.kind === kind);
      if (!found) throw new Error(`no ${kind} app`);
      return found;
    },
  };
}

async function said<T>(what: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work;
  console.log(`${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return result;
}

async function scaffold(
  { kind, slug, name }: (typeof APPS)[number],
  at: { authOrigin: string; suffix: string; env: Record<string, string> },
): Promise<App> {
  const description = `An app of the kind ${kind}, made to be tested.`;
  const answers = ['--name', name, '--slug', slug, '--kind', kind, '--description', description];
  const report = JSON.parse(
    await run(SCALR, ['-C', REPOSITORY, 'new-app', ...answers, '--yes', '--json']),
  ) as { app: { path: string; ports: App['ports'] } };
  return {
    kind,
    slug,
    name,
    project: new Project(slug, report.app.path, at.env),
    origin: `http://${slug}.localhost${at.suffix}`,
    issuer: `${at.authOrigin}/application/o/${slug}/`,
    ports: report.app.ports,
  };
}

/**
 * Gives the clone's portal ports that no app of this machine uses. `scalr new-app` assigns ports after the highest ones,
 * so that the apps under test don't conflict either.
 */
async function movePortal(): Promise<void> {
  for (const file of ['app.manifest.yml', '.env.app']) {
    const path = join(REPOSITORY, 'apps/portal', file);
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text
        .replace(/(?<key>frontend: |FRONTEND_PORT=)\d+/, '$<key>23000')
        .replace(/(?<key>backend: |BACKEND_PORT=)\d+/, '$<key>28000')
        .replace(/(?<key>db: |DB_PORT=)\d+/, '$<key>25432'),
    );
  }
}

/** Runs two at a time. */
async function two<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
  };
  await Promise.all([worker(), worker()]);
}
