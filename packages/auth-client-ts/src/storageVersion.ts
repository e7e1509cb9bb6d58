const DATABASE = 'scalr-auth';
const STORE = 'versions';
/** After this time it is not a lag, but localStorage was cleared. */
const PATIENCE_MS = 2_000;

/**
 * Tells whether this tab sees what other tabs have written to localStorage.
 *
 * A lock does not: each process has a copy of localStorage that follows the others' a moment later (whatwg/html #403), so
 * the next holder of a lock may read what was there before the last one. IndexedDB has no such copies. So a number is
 * written to both; if localStorage has the smaller one, it lags. Writes to it arrive in order: a tab that sees the
 * number also sees everything that was written before it.
 *
 * To be used by the holder of the lock only. Without IndexedDB nothing is waited for.
 */
export class StorageVersion {
  constructor(private readonly key: string) {}

  /** Resolves when everything that earlier holders of the lock have written is here. */
  async caughtUp(): Promise<void> {
    const wanted = await this.written();
    if (this.seen() >= wanted) {
      return;
    }
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        window.removeEventListener('storage', look);
        resolve();
      };
      const look = () => {
        if (this.seen() >= wanted) {
          finish();
        }
      };
      const timer = setTimeout(finish, PATIENCE_MS);
      // The event comes when the copy has followed.
      window.addEventListener('storage', look);
      look();
    });
  }

  /** To be called after writing and before the lock is given up. */
  async advance(): Promise<void> {
    const next = Math.max(this.seen(), await this.written()) + 1;
    localStorage.setItem(this.key, String(next));
    await inStore('readwrite', (store) => store.put(next, this.key)).catch(() => undefined);
  }

  private seen(): number {
    return Number(localStorage.getItem(this.key) ?? 0);
  }

  private async written(): Promise<number> {
    const value: unknown = await inStore('readonly', (store) => store.get(this.key)).catch(() => 0);
    return typeof value === 'number' ? value : 0;
  }
}

/** Resolves with the request's result once its transaction is complete, and with that visible to every tab. */
async function inStore(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await openDatabase();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        resolve(request.result);
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('the transaction was aborted'));
      };
    });
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE);
    };
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the database could not be opened'));
    };
  });
}
