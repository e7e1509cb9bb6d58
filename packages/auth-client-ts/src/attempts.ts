const LIMIT = 5;
const WINDOW_MS = 30_000;

/**
 * Counts the sign-ins that this tab started by itself, so that an endless redirect between app and service is
 * stopped. The count survives the redirects, since it is kept in sessionStorage.
 */
export class Attempts {
  constructor(
    private readonly key: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Counts one more; false if there have been too many recently. */
  add(): boolean {
    const recent = this.recent();
    if (recent.length >= LIMIT) {
      return false;
    }
    sessionStorage.setItem(this.key, JSON.stringify([...recent, this.now()]));
    return true;
  }

  /** A sign-in that a person requested is no loop. */
  clear(): void {
    sessionStorage.removeItem(this.key);
  }

  private recent(): number[] {
    try {
      const times: unknown = JSON.parse(sessionStorage.getItem(this.key) ?? '[]');
      const since = this.now() - WINDOW_MS;
      return Array.isArray(times)
        ? times.filter((time): time is number => typeof time === 'number' && time > since)
        : [];
    } catch {
      return [];
    }
  }
}
