/** The routes: the pages, the smoke tests' token, and each app's provider below its own path. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Directory } from './directory.ts';
import { type Log, reason } from './log.ts';
import type { App } from './manifests.ts';
import {
  errorPage,
  headers,
  notFoundPage,
  overviewPage,
  PRESS_JS,
  signInPage,
  STYLE_CSS,
} from './pages.ts';
import { issueToken, mountOf, originsOf } from './provider.ts';
import type { Settings } from './settings.ts';
import { findUser, signIn, USERS } from './users.ts';

const BODY_LIMIT = 8 * 1024;
const MOUNT = /^\/application\/o\/([a-z0-9-]+)(\/[^?]*)(\?.*)?$/;

class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
}

export function createHttpServer(settings: Settings, directory: Directory, log: Log): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const started = performance.now();
    response.on('finish', () => {
      if (path === '/healthz' && response.statusCode === 200) return;
      // The path alone: a query carries codes and ID tokens.
      log.info('request', {
        method: request.method,
        path,
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
      });
    });
    answer({ request, response, path }, settings, directory).catch((error: unknown) => {
      const status = error instanceof HttpError ? error.status : 500;
      if (status === 500) log.error('a request failed', { path, reason: reason(error) });
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const message = status === 500 ? 'the log of auth-dev says more' : reason(error);
      send(response, status, 'application/json', `${JSON.stringify({ error: message })}\n`);
    });
  });
}

async function answer(exchange: Exchange, settings: Settings, directory: Directory): Promise<void> {
  const { request, response, path } = exchange;
  const mounted = MOUNT.exec(request.url ?? '');
  if (mounted) {
    const [, slug = '', below = '', query = ''] = mounted;
    const found = await directory.bySlug(slug);
    if (!found) {
      html(
        response,
        404,
        notFoundPage(`No manifest describes an app called ${slug} that people sign in to.`),
      );
      return;
    }
    const { app, provider } = found;
    if (below.startsWith('/interaction/')) {
      await interact(exchange, app, provider, settings);
      return;
    }
    await serve(exchange, provider, { settings, mount: mountOf(slug), url: `${below}${query}` });
    return;
  }

  switch (`${request.method ?? ''} ${path}`) {
    case 'GET /healthz':
      send(response, 200, 'application/json', '{"status":"ok"}\n');
      return;
    case 'GET /style.css':
      send(response, 200, 'text/css; charset=utf-8', STYLE_CSS);
      return;
    case 'GET /press.js':
      send(response, 200, 'text/javascript; charset=utf-8', PRESS_JS);
      return;
    case 'GET /':
      html(response, 200, overview(settings, directory));
      return;
    case 'POST /dev/token':
      await token(exchange, settings, directory);
      return;
    default:
      html(response, 404, notFoundPage('There is nothing at this address.'));
  }
}

/**
 * The issuer's address is what the settings say, whichever one the request came by: a backend may ask for the keys
 * inside the network, and must be told the same addresses as a browser.
 */
async function serve(
  { request, response }: Exchange,
  provider: Provider,
  at: { settings: Settings; mount: string; url: string },
): Promise<void> {
  const origin = new URL(at.settings.origin);
  request.headers.host = origin.host;
  request.headers['x-forwarded-proto'] = origin.protocol.slice(0, -1);
  delete request.headers['x-forwarded-host'];
  request.url = at.url;
  await provider.callback()(Object.assign(request, { baseUrl: at.mount }), response);
}

async function interact(
  { request, response, path }: Exchange,
  app: App,
  provider: Provider,
  settings: Settings,
): Promise<void> {
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction || !path.endsWith(`/${interaction.uid}`)) {
    const [home] = originsOf(app, settings.origin);
    html(response, 400, errorPage('This sign-in has ended.', home, true));
    return;
  }
  if (interaction.prompt.name !== 'login') {
    // `prompt=consent`: nothing to ask, see loadExistingGrant.
    await provider.interactionFinished(request, response, { consent: {} });
    return;
  }

  const page = { app, action: path, users: USERS };
  if (request.method !== 'POST') {
    const hint = interaction.params['login_hint'];
    const userName = typeof hint === 'string' ? hint : '';
    html(response, 200, signInPage({ ...page, userName, failed: false }));
    return;
  }
  const form = new URLSearchParams(await body(request, 'application/x-www-form-urlencoded'));
  const userName = form.get('username') ?? '';
  const user = signIn(userName, form.get('password') ?? '');
  if (!user) {
    html(response, 422, signInPage({ ...page, userName, failed: true }));
    return;
  }
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: user.id } },
    { mergeWithLastSubmission: false },
  );
}

function overview(settings: Settings, directory: Directory): string {
  return overviewPage({
    origin: settings.origin,
    users: USERS.map((user) => ({ user, groups: user.groups(directory.groups()) })),
    apps: directory.apps.map((app) => ({
      app,
      home: originsOf(app, settings.origin)[0],
      issuer: `${mountOf(app.slug)}/`,
    })),
  });
}

async function token(
  { request, response }: Exchange,
  settings: Settings,
  directory: Directory,
): Promise<void> {
  // JSON alone: a page of another origin cannot send that without asking first.
  const asked = parseJson(await body(request, 'application/json'));
  const user = findUser(String(asked['user']));
  if (!user) {
    throw new HttpError(400, `user is one of ${USERS.map(({ id }) => id).join(', ')}`);
  }
  const found = await directory.byClientId(String(asked['client_id']));
  if (!found) {
    const known = directory.apps.map(({ clientId }) => clientId).join(', ');
    throw new HttpError(400, `client_id is one of ${known}`);
  }
  const issued = await issueToken(found.provider, found.app, user.id, settings);
  response.setHeader('Cache-Control', 'no-store');
  send(response, 200, 'application/json', `${JSON.stringify(issued)}\n`);
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new HttpError(400, 'the body is no JSON object');
}

async function body(request: IncomingMessage, type: string): Promise<string> {
  if (request.method !== 'POST') throw new HttpError(405, 'POST is the way');
  if (request.headers['content-type']?.split(';', 1)[0] !== type) {
    throw new HttpError(415, `the body must be ${type}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new HttpError(413, 'the body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function html(response: ServerResponse, status: number, text: string): void {
  response.setHeaders(new Map(Object.entries(headers())));
  response.statusCode = status;
  response.end(text);
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.end(text);
}
