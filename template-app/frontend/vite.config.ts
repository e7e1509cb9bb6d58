import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = fileURLToPath(new URL('.', import.meta.url));
const packages = fileURLToPath(new URL('../../packages', import.meta.url));

export default defineConfig({
  // The dev container's file system is read-only, so it names a folder that isn't.
  cacheDir: process.env['VITE_CACHE_DIR'] ?? 'node_modules/.vite',
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: { '@scalr/ui': `${packages}/ui/src/index.ts` },
    // The shared components stand outside this folder: give them this app's React, not a second one.
    dedupe: ['react', 'react-dom'],
  },
  server: {
    port: 5173,
    strictPort: true,
    // Besides localhost and *.localhost, which Vite allows by itself.
    allowedHosts: ['template-app-frontend'],
    fs: { allow: [here, packages] },
    // Behind the gateway /api never reaches this server; this serves the port that is opened on the host.
    proxy: { '/api': { target: process.env['BACKEND_ORIGIN'] ?? 'http://127.0.0.1:8000' } },
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
