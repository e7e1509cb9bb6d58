/** A backend for the page's tests: it answers like the real one, with the apps that a test sets. */
import { vi } from 'vitest';

import type { components } from '../src/api/schema';

export type App = components['schemas']['AppDetails'];

/** An answer instead of the usual one; `null` is a connection that fails. */
type Override = (() => Response | Promise<Response>) | null;

export function app(slug: string, changes: Partial<App> = {}): App {
  return {
    id: `id-of-${slug}`,
    slug,
    name: slug.charAt(0).toUpperCase() + slug.slice(1),
    description: `What ${slug} is for.`,
    kind: 'internal',
    icon: null,
    tags: [],
    owner: null,
    url: `http://${slug}.localhost/`,
    state: 'up',
    favourite: false,
    opened_at: null,
    access: { reason: 'group', groups: [`${slug}-users`] },
    hidden: false,
    created: '2026-11-22',
    links: [],
    depends_on: [],
    depended_on_by: [],
    events_publish: [],
    events_subscribe: [],
    internals: null,
    ...changes,
  };
}

export class Backend {
  apps: App[] = [];
  admin = false;
  engine: 'reachable' | 'unreachable' = 'reachable';
  brokenManifests: { path: string; reason: string }[] = [];
  docsUrl = 'http://docs.localhost/';
  /** By method and path, such as `GET /api/apps`. */
  overrides = new Map<string, Override>();
  calls: string[] = [];

  constructor() {
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
      this.answer(
        input instanceof Request ? input : new Request(new URL(input, location.href), init),
      ),
    );
  }

  private async answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const call = `${request.method} ${pathname}`;
    this.calls.push(call);
    const override = this.overrides.get(call);
    if (override === null) {
      throw new TypeError('Failed to fetch');
    }
    if (override !== undefined) {
      return override();
    }
    if (call === 'GET /api/config') {
      return Response.json({
        app_name: 'Portal <all>',
        slug: 'portal',
        oidc: {
          issuer: 'http://auth.localhost/application/o/portal/',
          client_id: 'portal',
          extra_scopes: [],
        },
        portal_url: 'http://portal.localhost/',
        docs_url: this.docsUrl,
      });
    }
    if (request.headers.get('authorization') !== 'Bearer token-of-ada') {
      return problem(401, 'the token is not valid');
    }
    if (call === 'GET /api/apps') {
      return Response.json({
        items: this.apps,
        engine: this.engine,
        admin: this.admin,
        broken_manifests: this.brokenManifests,
      });
    }
    const [, slug, action] = /^\/api\/apps\/([^/]+)(?:\/(.+))?$/.exec(pathname) ?? [];
    const found = this.apps.find((one) => one.slug === slug);
    if (found === undefined) {
      return problem(404, 'there is no such app, or not for you');
    }
    switch (`${request.method} ${action ?? ''}`.trim()) {
      case 'GET':
        return Response.json(found);
      case 'PUT favourite':
        found.favourite = true;
        return new Response(null, { status: 204 });
      case 'DELETE favourite':
        found.favourite = false;
        return new Response(null, { status: 204 });
      case 'POST openings':
        found.opened_at = '2026-11-22T10:00:00Z';
        return new Response(null, { status: 204 });
      default:
        return problem(404, 'Not Found');
    }
  }
}

export function problem(status: number, detail: string): Response {
  return Response.json(
    { type: 'about:blank', title: 'A problem', status, detail },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );
}

/** As a sign-in leaves it behind: the tokens of a person, where @scalr/auth-client looks for them. */
export function signInAsAda(): void {
  vi.stubGlobal('isSecureContext', true);
  localStorage.setItem(
    'oidc.user:http://auth.localhost/application/o/portal/:portal',
    JSON.stringify({
      access_token: 'token-of-ada',
      token_type: 'Bearer',
      profile: { sub: 'u-1', name: 'Ada Lovelace', email: 'ada@example.test', groups: [] },
      expires_at: Math.floor(Date.now() / 1_000) + 900,
    }),
  );
}
