/** A person with a browser, who signs in, uses pages and takes screenshots. */
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM, PRELOAD, SCREENSHOTS } from './settings.ts';
import type { App } from './stack.ts';

let browser: Promise<Browser> | undefined;
const tabs: Tab[] = [];
let pictures = 0;

/** A start of vite's server builds its modules only when a page first asks for them. */
const TIMEOUT_MS = 60_000;

function launch(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: CHROMIUM,
    env: { ...process.env, LD_PRELOAD: PRELOAD },
    args: [
      '--no-sandbox', // root may start no other
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/** One person's browser, with separate cookies and storage. */
export class Person {
  readonly #context: BrowserContext;
  /** Uncaught errors of pages. */
  readonly errors: string[] = [];

  private constructor(context: BrowserContext) {
    this.#context = context;
  }

  static async sitDown(colorScheme: 'light' | 'dark' = 'light'): Promise<Person> {
    const viewport = { width: 1024, height: 720 };
    const context = await (await launch()).newContext({ colorScheme, viewport });
    context.setDefaultTimeout(TIMEOUT_MS);
    return new Person(context);
  }

  /** A new tab, with every address that it goes to. */
  async openTab(): Promise<Tab> {
    const tab = new Tab(await this.#context.newPage());
    tab.page.on('pageerror', (error) => this.errors.push(`${tab.page.url()}: ${error.message}`));
    return tab;
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}

/** Where an app is opened, and where one signs in to it. */
type Place = Pick<App, 'origin' | 'issuer'>;

export class Tab {
  readonly page: Page;
  readonly visited: URL[] = [];
  /** Every address that was asked for, of pictures and scripts too. */
  readonly requested: URL[] = [];
  /** Errors and warnings on the console, and requests that failed. */
  readonly said: string[] = [];

  constructor(page: Page) {
    this.page = page;
    tabs.push(this);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.said.push(message.text());
    });
    page.on('requestfailed', (request) => {
      this.said.push(`${request.url()}: ${request.failure()?.errorText ?? 'failed'}`);
    });
    page.on('request', (request) => this.requested.push(new URL(request.url())));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.visited.push(new URL(frame.url()));
    });
  }

  /** Whether a sign-in page was shown. */
  get wasAsked(): boolean {
    return this.visited.some(({ pathname }) => pathname.includes('/interaction/'));
  }

  async open(app: Place, path = '/'): Promise<void> {
    await this.page.goto(app.origin + path);
  }

  async atSignIn(app: Place): Promise<void> {
    await this.page.waitForURL(`${app.issuer}interaction/*`);
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }

  async typeIn(user: string): Promise<void> {
    await this.page.getByLabel('User name').fill(user);
    await this.page.getByLabel('Password').fill(user);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** From the app's address over the sign-in page to its greeting. */
  async signIn(app: Place, user: string, name: string): Promise<void> {
    await this.open(app);
    await this.atSignIn(app);
    await this.typeIn(user);
    await this.greeted(name);
  }

  async greeted(name: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: `Hello, ${name}` }).waitFor();
  }

  async addNote(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'New note' }).fill(text);
    await this.page.getByRole('button', { name: 'Add note' }).click();
    await this.note(text).waitFor();
  }

  note(text: string) {
    return this.page
      .getByRole('table', { name: 'Notes' })
      .getByRole('row')
      .filter({ hasText: text });
  }

  async signOut(name: string): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name }).click();
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click();
  }

  /** The tokens that the page keeps. */
  async tokens(app: App): Promise<{ access_token: string; id_token: string; expires_at: number }> {
    const key = `oidc.user:${app.issuer}:${app.slug}`;
    const text = await this.page.evaluate((name) => localStorage.getItem(name), key);
    if (text === null) throw new Error(`the page of ${app.slug} keeps no tokens`);
    return JSON.parse(text) as { access_token: string; id_token: string; expires_at: number };
  }

  /** A screenshot of the visible part, or of the whole page. */
  async picture(name: string, of: 'window' | 'whole' = 'window'): Promise<void> {
    pictures += 1;
    const file = `${String(pictures).padStart(2, '0')}-${name}.png`;
    await this.page.screenshot({ path: join(SCREENSHOTS, file), fullPage: of === 'whole' });
  }
}

/** What every open page shows and has logged, for a test that has failed. */
export async function showAll(name: string): Promise<void> {
  for (const tab of tabs.filter(({ page }) => !page.isClosed())) {
    await tab.picture(`FAILED-${name}`).catch(() => undefined);
    console.log([`open: ${tab.page.url()}`, ...tab.said].join('\n  '));
  }
}
