import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { CHROMIUM } from './chromium';
import {
  call,
  changeTokens,
  newContext,
  open,
  reset,
  sees,
  signIn,
  startWorld,
  storedTokens,
  type World,
} from './world';

const PAST = 1_000_000_000;
const now = () => Math.floor(Date.now() / 1_000);

describe.skipIf(CHROMIUM === null)('a session', () => {
  let world: World;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    world = await startWorld('page.localhost', 'auth.localhost');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    reset(world);
    context = await newContext(world);
    page = await open(context, `${world.origin}/notes`);
    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');
    world.provider.reset();
  });
  afterEach(() => context.close());

  test('is renewed by one of many tabs, and the others take over what it got', async () => {
    const tabs = [page];
    for (let more = 0; more < 3; more += 1) {
      const tab = await open(context, world.origin);
      await sees(tab, 'Hello, Alice Adams');
      tabs.push(tab);
    }
    const before = await storedTokens(page);

    // All of them hear of it at the same moment. Two uses of one refresh token would end the session.
    await changeTokens(page, { expires_at: PAST });
    const answers = await Promise.all(tabs.map((tab) => call(tab)));

    expect(answers).toEqual(['200 alice', '200 alice', '200 alice', '200 alice']);
    expect(world.provider.tokenRequests).toEqual(['refresh_token']);
    const after = await storedTokens(page);
    expect(after?.refresh_token).not.toBe(before?.refresh_token);
    expect(after?.expires_at).toBeGreaterThan(now());
    for (const tab of tabs) {
      await sees(tab, 'Hello, Alice Adams');
    }
  });

  test('is renewed once even where a tab sees the storage of a moment ago', async () => {
    const late = await open(context, world.origin);
    await sees(late, 'Hello, Alice Adams');
    const before = await storedTokens(page);
    // Another process follows a moment later; here that moment is a second, and begins with the renewal.
    await late.evaluate(() => {
      const copy = new Map(
        Object.keys(localStorage).map((key) => [key, localStorage.getItem(key)]),
      );
      // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its storage
      const getNow = Storage.prototype.getItem;
      Storage.prototype.getItem = function (key) {
        return this === localStorage ? (copy.get(key) ?? null) : getNow.call(this, key);
      };
      window.addEventListener('storage', stop, true);
      function stop(event: Event) {
        event.stopImmediatePropagation();
      }
      Object.assign(window, {
        catchUp: () => {
          Storage.prototype.getItem = getNow;
          window.removeEventListener('storage', stop, true);
          window.dispatchEvent(new StorageEvent('storage', { key: 'any of them' }));
        },
      });
    });

    world.site.refusals = 1;
    expect(await call(page)).toBe('200 alice');
    world.site.refusals = 1;
    const answer = call(late);
    await vi.waitFor(() => {
      expect(world.site.refusals).toBe(0);
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await late.evaluate(() => {
      (window as unknown as { catchUp: () => void }).catchUp();
    });

    expect(await answer).toBe('200 alice');
    expect(world.provider.tokenRequests).toEqual(['refresh_token']);
    expect((await storedTokens(late))?.access_token).not.toBe(before?.access_token);
  });

  test('is renewed by itself before the token ends, and nothing on the page moves', async () => {
    await page.getByRole('textbox', { name: 'Draft' }).fill('half a thought');
    const other = await open(context, world.origin);
    await sees(other, 'Hello, Alice Adams');

    await changeTokens(other, { expires_at: now() + 8 });
    await vi.waitFor(() => {
      expect(world.provider.tokenRequests).toEqual(['refresh_token']);
    }, 9_000);

    expect(await page.getByRole('textbox', { name: 'Draft' }).inputValue()).toBe('half a thought');
    expect((await storedTokens(page))?.expires_at).toBeGreaterThan(now() + 60);
    expect(world.provider.authorizationRequests).toEqual([]);
  });

  test('meets a 401 with one renewal and one more try, body and all', async () => {
    world.site.refusals = 1;

    expect(await call(page)).toBe('200 alice');
    expect(world.site.bodies).toEqual(['a body', 'a body']);
    expect(world.provider.tokenRequests).toEqual(['refresh_token']);
  });

  test('stops renewing for an API that refuses every token', async () => {
    world.site.refusals = 1_000;

    expect(await call(page)).toBe('401 alice');
    expect(await call(page)).toBe('401 alice');
    expect(world.provider.tokenRequests).toEqual(['refresh_token']);

    // The token of later is another matter.
    world.site.refusals = 0;
    expect(await call(page)).toBe('200 alice');
  });

  test('is refreshed when asked to, and then says what has changed', async () => {
    world.provider.addGroup('alice', 'page-managers');
    await page.getByRole('button', { name: 'Refresh' }).click();

    await page.getByText('page-users, page-managers').waitFor();
    expect(world.provider.tokenRequests).toEqual(['refresh_token']);
  });

  test('sends its token to no other origin', async () => {
    expect(await call(page, 'Call another origin')).toContain('is not sent to http://127.0.0.1:9');
  });

  test('outlives a service that is away for a while', async () => {
    world.provider.down = true;
    await changeTokens(page, { expires_at: PAST });

    expect(await call(page)).toContain('cannot be reached');
    await sees(page, 'Hello, Alice Adams');

    world.provider.down = false;
    expect(await call(page)).toBe('200 alice');
  });

  test('is renewed when the page is opened with a token that has ended', async () => {
    await changeTokens(page, { expires_at: PAST });
    await page.reload();

    await sees(page, 'Hello, Alice Adams');
    expect(world.provider.tokenRequests).toEqual(['refresh_token']);
    expect(world.provider.authorizationRequests).toEqual([]);
  });

  test('that the service ended goes through sign-in, unseen where the service knows the person', async () => {
    await world.provider.revokeGrants();
    await changeTokens(page, { expires_at: PAST });
    await page.getByRole('button', { name: 'Call the API' }).click();
    await vi.waitFor(() => {
      expect(world.provider.tokenRequests).toContain('authorization_code');
    }, 10_000);

    await sees(page, 'Hello, Alice Adams');
    expect(page.url()).toBe(`${world.origin}/notes`);
    expect(await call(page)).toBe('200 alice');
    // No frame was tried: below localhost its cookies would not have come along.
    expect(world.provider.authorizationRequests.map((asked) => asked.get('prompt'))).toEqual([
      null,
    ]);
  });

  test('that ended in a tab in the background waits until the tab is visible', async () => {
    await world.provider.revokeGrants();
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    });
    await changeTokens(page, { expires_at: PAST });
    await page.getByRole('button', { name: 'Call the API' }).click();
    await sees(page, 'Your session has ended');
    expect(world.provider.authorizationRequests).toEqual([]);

    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await sees(page, 'Hello, Alice Adams');
  });

  test('ends everywhere at once with a sign-out', async () => {
    const other = await open(context, `${world.origin}/other`);
    await sees(other, 'Hello, Alice Adams');
    const tokens = await storedTokens(page);

    await page.getByRole('button', { name: 'Sign out' }).click();

    await sees(other, 'You are signed out');
    await sees(page, 'You are signed out');
    expect(page.url()).toBe(`${world.origin}/`);
    expect(await storedTokens(page)).toBeNull();
    const refused = await fetch(
      `${world.provider.issuer.replace('auth.localhost', '127.0.0.1')}/token`,
      {
        method: 'POST',
        headers: { host: new URL(world.provider.issuer).host },
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: 'page',
          refresh_token: tokens?.refresh_token ?? '',
        }),
      },
    );
    expect(await refused.json()).toMatchObject({ error: 'invalid_grant' });

    // The service has forgotten the person too: it asks again. And the other tab comes back by itself.
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, 'bob');
    await sees(page, 'Hello, Bob Brown');
    await sees(other, 'Hello, Bob Brown');
    expect(other.url()).toBe(`${world.origin}/other`);
  });

  test('signs in by itself again once the signed-out page is reloaded', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await sees(page, 'You are signed out');
    await page.reload();
    await sees(page, 'Who are you?');
  });

  test('is over here even when the service cannot be told, and the page says so', async () => {
    await page.reload(); // so that the service's addresses are not known from signing in
    await sees(page, 'Hello, Alice Adams');
    world.provider.down = true;
    await page.getByRole('button', { name: 'Sign out' }).click();

    await sees(page, 'You are signed out');
    expect(await page.getByRole('alert').innerText()).toContain('may still be signed in there');
    expect(await storedTokens(page)).toBeNull();
  });

  test('of another person shows nothing of the one before', async () => {
    const other = await open(context, world.origin);
    await sees(other, 'Hello, Alice Adams');
    await other.getByRole('textbox', { name: 'Draft' }).fill('a secret of Alice');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await sees(page, 'You are signed out');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signIn(page, 'bob');

    await sees(other, 'Hello, Bob Brown');
    expect(await other.getByRole('textbox', { name: 'Draft' }).inputValue()).toBe('');
  });

  test('of another person gets no request that was meant by the one before', async () => {
    // Written by this tab itself, so that no event announces it: the request comes first.
    const profile = (await storedTokens(page))?.profile;
    await changeTokens(page, { profile: { ...profile, sub: 'bob', name: 'Bob Brown' } });
    await page.getByRole('button', { name: 'Call the API' }).click();

    await sees(page, 'Hello, Bob Brown');
    expect(world.site.bodies).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === null)('where the service is of the same site', () => {
  test('a session that lost its refresh token is renewed in a hidden frame', async () => {
    const world = await startWorld('127.0.0.1', '127.0.0.1');
    try {
      reset(world);
      const page = await open(await newContext(world), `${world.origin}/notes`);
      await signIn(page, 'alice');
      await sees(page, 'Hello, Alice Adams');
      await page.getByRole('textbox', { name: 'Draft' }).fill('half a thought');
      world.provider.reset();

      await world.provider.revokeGrants();
      await changeTokens(page, { expires_at: PAST });
      expect(await call(page)).toBe('200 alice');

      expect(await page.getByRole('textbox', { name: 'Draft' }).inputValue()).toBe(
        'half a thought',
      );
      expect(world.provider.authorizationRequests.map((asked) => asked.get('prompt'))).toEqual([
        'none',
      ]);
      expect(world.provider.authorizationRequests[0]?.get('redirect_uri')).toBe(
        `${world.origin}/auth/silent`,
      );
      expect(await page.locator('iframe').count()).toBe(0);
    } finally {
      await world.close();
    }
  });
});
