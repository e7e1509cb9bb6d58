const LEAD_MS = 60_000;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 60_000;
/** Where every new token has ended on arrival, this is how often one is asked for. */
const SHORTEST_MS = 1_000;
/** Longer ones overflow setTimeout, which then fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `renew` a little before the access token ends, and again, with growing pauses, while that fails. */
export class RenewalTimer {
  private handle: ReturnType<typeof setTimeout> | undefined;
  private retryMs = FIRST_RETRY_MS;

  constructor(private readonly renew: () => Promise<void>) {}

  /** `expiresAt` is in milliseconds since the epoch. A minute before, or for a short token a quarter of what is left. */
  startFor(expiresAt: number): void {
    const left = expiresAt - Date.now();
    this.retryMs = FIRST_RETRY_MS;
    this.callIn(left - Math.min(LEAD_MS, left / 4));
  }

  tryAgainLater(): void {
    this.callIn(this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  stop(): void {
    clearTimeout(this.handle);
  }

  private callIn(delayMs: number): void {
    this.stop();
    this.handle = setTimeout(
      () => {
        void this.renew();
      },
      Math.min(Math.max(delayMs, SHORTEST_MS), LONGEST_MS),
    );
  }
}
