/** Finds the manifests of the repository and reads the clients out of them. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Log, reason } from './log.ts';

/** An app that people sign in to: one OIDC client. */
export interface App {
  slug: string;
  name: string;
  clientId: string;
  groups: string[];
  /** The host name behind the gateway. */
  host: string;
  frontendPort: number | undefined;
}

const MANIFEST = 'app.manifest.yml';
/** The folders whose subfolders are apps, by kind: internal, product, client, platform. */
const PLACES = ['apps', 'apps/products', 'clients', 'services'];
const TEMPLATE = 'template-app';
const SLUG = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What a manifest said the last time that it could be read. */
interface Known {
  stamp: string;
  app: App | undefined;
}

/** Reads a manifest again only when its file has changed, so that looking often costs a few system calls. */
export class Manifests {
  readonly #repository: string;
  readonly #log: Log;
  #known = new Map<string, Known>();

  constructor(repository: string, log: Log) {
    this.#repository = repository;
    this.#log = log;
  }

  /** The apps of the repository as it is now, ordered by slug. */
  async read(): Promise<App[]> {
    const known = new Map<string, Known>();
    for (const folder of await this.#folders()) {
      const path = join(folder, MANIFEST);
      const stamp = await this.#stamp(path);
      if (stamp === undefined) continue;
      const before = this.#known.get(path);
      known.set(path, before?.stamp === stamp ? before : await this.#load(path, stamp, before));
    }
    this.#known = known;
    return unique(
      [...known.values()].flatMap(({ app }) => app ?? []),
      this.#log,
    );
  }

  async #folders(): Promise<string[]> {
    const found = [TEMPLATE];
    for (const place of PLACES) {
      const entries = await readdir(join(this.#repository, place), { withFileTypes: true }).catch(
        () => [],
      );
      found.push(
        ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(place, entry.name)),
      );
    }
    return found.sort();
  }

  async #stamp(path: string): Promise<string | undefined> {
    const found = await stat(join(this.#repository, path)).catch(() => undefined);
    return found && `${String(found.ino)}/${String(found.size)}/${String(found.mtimeMs)}`;
  }

  /** During an edit a manifest may be invalid YAML: the app keeps its last state. */
  async #load(path: string, stamp: string, before: Known | undefined): Promise<Known> {
    try {
      return { stamp, app: toApp(parse(await readFile(join(this.#repository, path), 'utf8'))) };
    } catch (error) {
      this.#log.warn('a manifest cannot be used', {
        path,
        reason: reason(error).split('\n')[0],
        client: before?.app ? 'kept as it was' : 'none',
      });
      return { stamp, app: before?.app };
    }
  }
}

/** The app that a manifest describes, or nothing if it has no sign-in: neither a page nor `auth`. */
export function toApp(manifest: unknown): App | undefined {
  const root = map(manifest, 'the manifest');
  const auth = map(root['auth'] ?? {}, 'auth');
  const routes = map(root['routes'] ?? {}, 'routes');
  const ports = map(root['ports'] ?? {}, 'ports');
  const slug = text(root['slug'], 'slug');
  if (!SLUG.test(slug)) throw new Error(`slug is not in kebab-case: ${slug}`);
  if (root['auth'] === undefined && ports['frontend'] === undefined) return undefined;

  const port = ports['frontend'];
  if (port !== undefined && !(typeof port === 'number' && Number.isInteger(port))) {
    throw new Error('ports.frontend is not a number');
  }
  const groups = auth['groups'] ?? [];
  if (!Array.isArray(groups)) throw new Error('auth.groups is not a list');
  return {
    slug,
    name: text(root['name'] ?? slug, 'name'),
    clientId: text(auth['client_id'] ?? slug, 'auth.client_id'),
    groups: groups.map((group) => text(group, 'auth.groups')),
    host: text(routes['host'] ?? `${slug}.localhost`, 'routes.host'),
    frontendPort: port,
  };
}

/** Of two apps with one slug or client id, the first by folder: a token must not be good for both. */
function unique(apps: App[], log: Log): App[] {
  const kept: App[] = [];
  for (const app of apps) {
    const other = kept.find(({ slug, clientId }) => slug === app.slug || clientId === app.clientId);
    if (other) {
      log.warn('two manifests name the same client', { slug: app.slug, client_id: app.clientId });
    } else {
      kept.push(app);
    }
  }
  return kept.sort((a, b) => (a.slug < b.slug ? -1 : 1));
}

function map(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${what} is not a map`);
  }
  return value as Record<string, unknown>;
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${what} is not a text`);
  return value;
}
