/** Sessions, grants and refresh tokens: in memory, and in one file, so that a restart signs no user out. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { type Log, reason } from './log.ts';

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since 1970; nothing for what does not expire. */
  expires: number | null;
}

/** What goes when a grant is revoked; a sign-in that is under way for the same grant goes on. */
const TOKENS = ['AccessToken', 'AuthorizationCode', 'RefreshToken'];

const SAVE_AFTER_MS = 100;

export class Store {
  readonly #file: string;
  readonly #log: Log;
  readonly #entries: Map<string, Entry>;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(file: string, log: Log, entries: Map<string, Entry>) {
    this.#file = file;
    this.#log = log;
    this.#entries = entries;
  }

  static async open(dataDir: string, log: Log): Promise<Store> {
    const file = join(dataDir, 'sessions.json');
    let entries: [string, Entry][] = [];
    try {
      entries = JSON.parse(await readFile(file, 'utf8')) as [string, Entry][];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        log.warn('the sessions cannot be read, so all users have to sign in again', {
          file,
          reason: reason(error),
        });
      }
    }
    return new Store(file, log, new Map(entries));
  }

  /** oidc-provider's view of the store. All providers share it, which is what makes single sign-on. */
  readonly adapter = (model: string): Adapter => {
    const key = (id: string) => `${model}:${id}`;
    return {
      upsert: (id, payload, expiresIn) => this.#set(key(id), payload, expiresIn),
      find: (id) => Promise.resolve(this.#get(key(id))),
      findByUid: (uid) => Promise.resolve(this.#first(model, (payload) => payload.uid === uid)),
      findByUserCode: () => Promise.resolve(undefined),
      consume: (id) => {
        const payload = this.#get(key(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
        return this.#changed();
      },
      destroy: (id) => {
        this.#entries.delete(key(id));
        return this.#changed();
      },
      revokeByGrantId: (grantId) => {
        for (const [id, { payload }] of this.#entries) {
          const isToken = TOKENS.some((token) => id.startsWith(`${token}:`));
          if (isToken && payload.grantId === grantId) this.#entries.delete(id);
        }
        return this.#changed();
      },
    };
  };

  /** Writes what has not been written yet. */
  async close(): Promise<void> {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#save();
    }
    await this.#saving;
  }

  #get(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key);
    if (!entry || isExpired(entry)) return undefined;
    return entry.payload;
  }

  #first(model: string, is: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, entry] of this.#entries) {
      if (key.startsWith(`${model}:`) && !isExpired(entry) && is(entry.payload)) {
        return entry.payload;
      }
    }
    return undefined;
  }

  #set(key: string, payload: AdapterPayload, expiresIn: number | undefined): Promise<void> {
    const expires = expiresIn === undefined ? null : Date.now() + expiresIn * 1000;
    this.#entries.set(key, { payload, expires });
    return this.#changed();
  }

  #changed(): Promise<void> {
    this.#timer ??= setTimeout(() => {
      this.#save();
    }, SAVE_AFTER_MS);
    return Promise.resolve();
  }

  #save(): void {
    this.#timer = undefined;
    for (const [key, entry] of this.#entries) {
      if (isExpired(entry)) this.#entries.delete(key);
    }
    const text = JSON.stringify([...this.#entries]);
    this.#saving = this.#saving
      .then(() => replaceFile(this.#file, text))
      .catch((error: unknown) => {
        this.#log.error('the sessions cannot be written, so a restart will sign all users out', {
          file: this.#file,
          reason: reason(error),
        });
      });
  }
}

const isExpired = ({ expires }: Entry): boolean => expires !== null && expires <= Date.now();

/** All of the new text or all of the old one, readable by this user alone. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const staged = `${file}.new`;
  await writeFile(staged, text, { mode: 0o600 });
  await rename(staged, file);
}
