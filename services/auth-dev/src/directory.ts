/** The apps that the manifests name now, and the provider of each. */
import type Provider from 'oidc-provider';
import type { Log } from './log.ts';
import type { App, Manifests } from './manifests.ts';
import { createProvider, type Shared } from './provider.ts';

/** File events do not cross every kind of bind mount, and looking costs a few system calls an app. */
const LOOK_EVERY_MS = 2000;

export class Directory {
  readonly #manifests: Manifests;
  readonly #shared: Shared;
  readonly #log: Log;
  #apps: App[] = [];
  #providers = new Map<string, Provider>();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(manifests: Manifests, shared: Omit<Shared, 'groups'>) {
    this.#manifests = manifests;
    this.#shared = { ...shared, groups: () => this.groups() };
    this.#log = shared.log;
  }

  static async open(manifests: Manifests, shared: Omit<Shared, 'groups'>): Promise<Directory> {
    const directory = new Directory(manifests, shared);
    await directory.refresh();
    return directory;
  }

  get apps(): readonly App[] {
    return this.#apps;
  }

  groups(): string[] {
    return [...new Set(this.#apps.flatMap((app) => app.groups))].sort();
  }

  /** The app of this slug. Looks at the manifests before it says that there is none: it may be new. */
  async bySlug(slug: string): Promise<{ app: App; provider: Provider } | undefined> {
    return this.#find((app) => app.slug === slug);
  }

  async byClientId(clientId: string): Promise<{ app: App; provider: Provider } | undefined> {
    return this.#find((app) => app.clientId === clientId);
  }

  async #find(is: (app: App) => boolean): Promise<{ app: App; provider: Provider } | undefined> {
    let app = this.#apps.find(is);
    if (!app) {
      await this.refresh();
      app = this.#apps.find(is);
    }
    return app && { app, provider: this.#provider(app) };
  }

  /** Created at the first request, since a provider holds state and only a few of many apps are in use. */
  #provider(app: App): Provider {
    const key = JSON.stringify(app);
    let provider = this.#providers.get(key);
    if (!provider) {
      provider = createProvider(app, this.#shared);
      this.#providers.set(key, provider);
    }
    return provider;
  }

  watch(): void {
    this.#timer = setInterval(() => void this.refresh(), LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Reads the changes; calls during a read wait for the same result. */
  refresh(): Promise<void> {
    this.#looking ??= this.#refresh().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #refresh(): Promise<void> {
    const before = new Map(this.#apps.map((app) => [app.slug, JSON.stringify(app)]));
    const apps = await this.#manifests.read();
    const now = new Map(apps.map((app) => [app.slug, JSON.stringify(app)]));
    for (const [slug, app] of now) {
      if (!before.has(slug)) this.#log.info('a client appeared', { client: slug });
      else if (before.get(slug) !== app) this.#log.info('a client changed', { client: slug });
    }
    for (const slug of before.keys()) {
      if (!now.has(slug)) this.#log.info('a client disappeared', { client: slug });
    }
    const current = new Set(now.values());
    for (const key of this.#providers.keys()) {
      if (!current.has(key)) this.#providers.delete(key);
    }
    this.#apps = apps;
  }
}
