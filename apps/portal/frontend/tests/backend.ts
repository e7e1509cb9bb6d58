/** A backend for the page's tests: it keeps notes in memory, and answers what the real one would. */
import { vi } from 'vitest';

interface Note {
  id: string;
  text: string;
  created_at: string;
}

/** An answer instead of the usual one; `null` is a connection that fails. */
type Override = (() => Response | Promise<Response>) | null;

export class Backend {
  notes: Note[] = [];
  pageSize = 20;
  /** By method and path, such as `GET /api/notes`. */
  overrides = new Map<string, Override>();
  calls: string[] = [];

  constructor() {
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
      this.answer(
        input instanceof Request ? input : new Request(new URL(input, location.href), init),
      ),
    );
  }

  keep(...texts: string[]): void {
    for (const text of texts) {
      const id = crypto.randomUUID();
      this.notes.unshift({ id, text, created_at: '2026-11-22T10:00:00Z' });
    }
  }

  private async answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const call = `${request.method} ${pathname.replace(/(?<=\/notes\/).+/, 'ID')}`;
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
        app_name: 'Order <Desk>',
        slug: 'order-desk',
        oidc: {
          issuer: 'http://auth.localhost/application/o/order-desk/',
          client_id: 'order-desk',
        },
        portal_url: 'http://portal.localhost/',
      });
    }
    if (request.headers.get('authorization') !== 'Bearer token-of-ada') {
      return problem(401, 'the token is not valid');
    }
    switch (call) {
      case 'GET /api/notes': {
        const from = Number(searchParams.get('cursor') ?? 0);
        const to = from + this.pageSize;
        const more = to < this.notes.length;
        return Response.json({
          items: this.notes.slice(from, to),
          next_cursor: more ? String(to) : null,
        });
      }
      case 'POST /api/notes': {
        const { text } = (await request.json()) as { text: string };
        this.keep(text);
        return Response.json(this.notes[0], { status: 201 });
      }
      case 'DELETE /api/notes/ID': {
        const before = this.notes.length;
        this.notes = this.notes.filter(({ id }) => !pathname.endsWith(id));
        return this.notes.length < before
          ? new Response(null, { status: 204 })
          : problem(404, 'you have no such note');
      }
      default:
        return problem(404, 'Not Found');
    }
  }
}

export function problem(status: number, detail: string, errors?: object[]): Response {
  return Response.json(
    { type: 'about:blank', title: 'A problem', status, detail, errors },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );
}

/** As a sign-in leaves it behind: the tokens of a person, where @scalr/auth-client looks for them. */
export function signInAsAda(): void {
  vi.stubGlobal('isSecureContext', true);
  localStorage.setItem(
    'oidc.user:http://auth.localhost/application/o/order-desk/:order-desk',
    JSON.stringify({
      access_token: 'token-of-ada',
      token_type: 'Bearer',
      profile: { sub: 'u-1', name: 'Ada Lovelace', email: 'ada@example.test', groups: [] },
      expires_at: Math.floor(Date.now() / 1_000) + 900,
    }),
  );
}
