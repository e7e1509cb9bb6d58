/** The app's server: the page as one script, and an API that asks the provider whom a token belongs to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { build } from 'vite';

import type { TestProvider } from './provider';

export interface TestSite {
  port: number;
  /** What `/config.json` says; a test may change it before it opens a page. */
  config: { issuer: string; clientId: string; autoSignIn: boolean };
  provider: TestProvider | null;
  /** How many of the next calls of the API are refused, even with a valid token. */
  refusals: number;
  /** The bodies that reached the API. */
  bodies: string[];
  close: () => Promise<void>;
}

export async function startSite(): Promise<TestSite> {
  const files = await buildPage();
  const server = createServer((request, response) => {
    if (request.url === '/config.json') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(site.config));
    } else if (request.url === '/api/echo') {
      void echo();
    } else {
      const name = new URL(request.url ?? '/', 'http://page').pathname.slice(1);
      const script = files.get(name);
      response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
      response.end(script ?? files.get('index.html'));
    }

    async function echo(): Promise<void> {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const body = (await request.setEncoding('utf8').toArray()).join('');
      site.bodies.push(body);
      const subject = await site.provider?.subjectOf(token);
      const refused = site.refusals > 0;
      site.refusals -= refused ? 1 : 0;
      response.statusCode = refused || subject == null ? 401 : 200;
      response.end(subject ?? 'nobody');
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const site: TestSite = {
    port: (server.address() as AddressInfo).port,
    config: { issuer: '', clientId: '', autoSignIn: true },
    provider: null,
    refusals: 0,
    bodies: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}

/** With React's development build, since StrictMode does everything twice only there. */
async function buildPage(): Promise<Map<string, string>> {
  const result = await build({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    plugins: [react()],
    build: { write: false, minify: false, target: 'esnext' },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!('output' in output)) {
    throw new Error('Vite built nothing');
  }
  return new Map(
    output.output.map((file) => [
      file.fileName,
      file.type === 'chunk' ? file.code : String(file.source),
    ]),
  );
}
