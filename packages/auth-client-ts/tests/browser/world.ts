/** What every browser test needs: a provider, a site and a Chromium, and the steps that people take. */
import type { Browser, BrowserContext, Page } from 'playwright-core';

import { startChromium } from './chromium';
import { startProvider, type TestProvider } from './provider';
import { startSite, type TestSite } from './site';

export interface World {
  provider: TestProvider;
  site: TestSite;
  browser: Browser;
  /** The page's own origin. */
  origin: string;
  close: () => Promise<void>;
}

/** The hosts decide which cookies a frame gets: each name below localhost is a separate site. */
export async function startWorld(
  pageHost: string,
  providerHost: string,
  args: string[] = [],
): Promise<World> {
  const site = await startSite();
  const origin = `http://${pageHost}:${String(site.port)}`;
  const provider = await startProvider(providerHost, [origin], ['page', 'other']);
  const browser = await startChromium(args);
  site.provider = provider;
  return {
    provider,
    site,
    browser,
    origin,
    close: async () => {
      await browser.close();
      await site.close();
      await provider.close();
    },
  };
}

export function reset(world: World): void {
  world.provider.reset();
  world.site.config = { issuer: world.provider.issuer, clientId: 'page', autoSignIn: true };
  world.site.refusals = 0;
  world.site.bodies = [];
}

/** What belongs to one person's browser: cookies and storage. */
export async function newContext(world: World): Promise<BrowserContext> {
  const context = await world.browser.newContext();
  // Below a test's own limit, so that a failure says what it waited for.
  context.setDefaultTimeout(15_000);
  return context;
}

export async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export async function signIn(page: Page, user: string): Promise<void> {
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.getByRole('link', { name: user }).click();
}

export async function sees(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

/** Calls the API from the page, and returns what the page shows of the answer. */
export async function call(page: Page, button = 'Call the API'): Promise<string> {
  await page.getByRole('button', { name: button }).click();
  const output = page.locator('output:not(:empty)');
  await output.waitFor();
  return output.innerText();
}

export interface StoredTokens {
  access_token: string;
  refresh_token?: string;
  expires_at: number;
  profile: Record<string, unknown>;
}

export async function storedTokens(page: Page, clientId = 'page'): Promise<StoredTokens | null> {
  return page.evaluate((client) => {
    const key = Object.keys(localStorage).find(
      (name) => name.startsWith('oidc.user:') && name.endsWith(`:${client}`),
    );
    return key === undefined
      ? null
      : (JSON.parse(localStorage.getItem(key) ?? 'null') as StoredTokens);
  }, clientId);
}

/** Writes over parts of the stored tokens, as if time had passed. Other tabs are told, as with every change. */
export async function changeTokens(page: Page, change: Partial<StoredTokens>): Promise<void> {
  await page.evaluate((values) => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('oidc.user:')) ?? '';
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}') as object;
    localStorage.setItem(key, JSON.stringify({ ...stored, ...values }));
  }, change);
}
