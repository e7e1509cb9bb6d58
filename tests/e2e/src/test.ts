/** node:test, with a time limit, and screenshots of the open pages if a test fails. */
import { it as nodeIt } from 'node:test';
import { showAll } from './browser.ts';

const LIMIT_MS = 300_000;

export function it(name: string, test: () => Promise<void>): void {
  void nodeIt(name, { timeout: LIMIT_MS }, async () => {
    try {
      await test();
    } catch (error) {
      await showAll(name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60));
      throw error;
    }
  });
}

/** `it` for steps that depend on each other: once one has failed, the later ones are skipped. */
export function steps(): typeof it {
  let failed: string | undefined;
  return (name, test) => {
    it(name, async () => {
      if (failed !== undefined) throw new Error(`not tried, after "${failed}" failed`);
      try {
        await test();
      } catch (error) {
        failed = name;
        throw error;
      }
    });
  };
}

/** Waits until the check succeeds and returns its result; throws its last error if it never does. */
export async function eventually<T>(check: () => Promise<T>, withinMs = 20_000): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
