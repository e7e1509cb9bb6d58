import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const here = fileURLToPath(new URL('.', import.meta.url));
const packages = fileURLToPath(new URL('../../../packages', import.meta.url));

export default defineConfig({
  // The dev container's file system is read-only, so it names a folder that isn't.
  cacheDir: process.env['VITE_CACHE_DIR'] ?? 'node_modules/.vite',
  plugins: [react(), tailwindcss()],
  resolve: {
    // The shared packages are outside this folder; they use this app's copies of these libraries.
    dedupe: ['react', 'react-dom', 'oidc-client-ts'],
  },
  optimizeDeps: {
    // Vite would find it only when the page requests it, and then load the page twice.
    include: ['oidc-client-ts'],
  },
  server: {
    port: 8080,
    strictPort: true,
    // The host names that the gateway and other containers use.
    allowedHosts: ['.localhost', 'portal-frontend'],
    fs: { allow: [here, packages] },
    // Behind the gateway /api never reaches this server; this serves the port that is opened on the host.
    proxy: {
      '^/api(?=[/?]|$)': { target: process.env['BACKEND_ORIGIN'] ?? 'http://127.0.0.1:8000' },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
