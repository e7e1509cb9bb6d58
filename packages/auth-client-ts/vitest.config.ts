import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // The two files of browser tests mostly wait. Vitest's own choice on two cores is one worker.
    maxWorkers: 2,
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: { name: 'unit', environment: 'jsdom', include: ['tests/*.test.{ts,tsx}'] },
      },
      {
        extends: true,
        // Chromium, against a real provider: redirects, tabs, locks and cookies are the browser's.
        test: {
          name: 'browser',
          environment: 'node',
          include: ['tests/browser/*.test.ts'],
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
