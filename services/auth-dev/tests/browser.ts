/** As much of a browser as a sign-in needs: cookies by path, redirects, forms; and the app's side of the code flow. */
import { createHash, randomBytes } from 'node:crypto';

const AUTH_ORIGIN = 'http://auth.localhost';

export interface Page {
  url: URL;
  status: number;
  text: string;
}

export interface Tokens {
  access_token: string;
  id_token: string;
  refresh_token: string;
  expires_in: number;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
}

export class Browser {
  readonly #server: string;
  #cookies: Cookie[] = [];

  constructor(server: string) {
    this.#server = server;
  }

  /** Follows redirects as long as they stay at the sign-in; the page of an app is not asked for. */
  async open(address: string, init: Omit<RequestInit, 'headers'> = {}): Promise<Page> {
    let url = new URL(address, AUTH_ORIGIN);
    let request = init;
    for (let hops = 0; hops < 10; hops += 1) {
      if (url.origin !== AUTH_ORIGIN) return { url, status: 0, text: '' };
      const response = await fetch(this.#server + url.pathname + url.search, {
        ...request,
        redirect: 'manual',
        headers: { cookie: this.#cookieHeader(url.pathname) },
      });
      this.#keep(response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null) return { url, status: response.status, text: await response.text() };
      await response.body?.cancel();
      url = new URL(location, url);
      request = {};
    }
    throw new Error(`redirects without an end at ${url.href}`);
  }

  /** Fills in the page's form, with its hidden fields, and sends it. */
  submit(page: Page, fields: Record<string, string>): Promise<Page> {
    const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`no form on ${page.url.href}: ${page.text}`);
    const values = new URLSearchParams();
    for (const [, name, value] of page.text.matchAll(
      /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
    )) {
      values.set(name ?? '', value ?? '');
    }
    for (const [name, value] of Object.entries(fields)) values.set(name, value);
    return this.open(new URL(action, page.url).href, { method: 'POST', body: values });
  }

  #cookieHeader(path: string): string {
    return this.#cookies
      .filter((cookie) => path.startsWith(cookie.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(headers: string[]): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.find((part) => part.startsWith('path='))?.slice(5) ?? '/';
      this.#cookies = this.#cookies.filter((old) => old.name !== name || old.path !== path);
      if (value !== '') this.#cookies.push({ name, value, path });
    }
  }
}

/** An app's page, at the gateway's address. */
export class Client {
  readonly #server: string;
  readonly slug: string;
  readonly clientId: string;
  readonly redirectUri: string;
  #verifier = '';

  constructor(server: string, slug: string, clientId = slug) {
    this.#server = server;
    this.slug = slug;
    this.clientId = clientId;
    this.redirectUri = `http://${slug}.localhost/auth/callback`;
  }

  get mount(): string {
    return `/application/o/${this.slug}`;
  }

  authorizeUrl(extra: Record<string, string> = {}): string {
    this.#verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(this.#verifier).digest('base64url');
    return `${this.mount}/auth?${new URLSearchParams({
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: 'openid profile email groups offline_access',
      state: 'the-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...extra,
    }).toString()}`;
  }

  token(fields: Record<string, string>): Promise<Response> {
    return fetch(`${this.#server}${this.mount}/token`, {
      method: 'POST',
      headers: { origin: new URL(this.redirectUri).origin },
      body: new URLSearchParams({ client_id: this.clientId, ...fields }),
    });
  }

  async exchange(callback: URL): Promise<Tokens> {
    const response = await this.token({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: this.redirectUri,
      code_verifier: this.#verifier,
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Tokens;
  }

  refresh(tokens: Tokens): Promise<Response> {
    return this.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  }

  /** From the app's page over the sign-in page to tokens. */
  async signIn(browser: Browser, user: string): Promise<Tokens> {
    const page = await browser.open(this.authorizeUrl());
    const back = await browser.submit(page, { username: user, password: user });
    return this.exchange(back.url);
  }

  /** If a user is signed in already: directly to tokens. */
  async signInAgain(browser: Browser): Promise<Tokens> {
    return this.exchange((await browser.open(this.authorizeUrl({ prompt: 'none' }))).url);
  }
}
