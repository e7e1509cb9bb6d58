import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CHROMIUM } from './chromium';
import {
  newContext,
  open,
  reset,
  sees,
  signIn,
  startWorld,
  storedTokens,
  type World,
} from './world';

describe.skipIf(CHROMIUM === null)('signing in', () => {
  let world: World;
  let context: BrowserContext;

  beforeAll(async () => {
    world = await startWorld('page.localhost', 'auth.localhost');
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    reset(world);
    context = await newContext(world);
  });
  afterEach(() => context.close());

  test('leads to the sign-in page and back to the very page, with one code for one exchange', async () => {
    const errors: string[] = [];
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${world.origin}/notes?page=2#third`);

    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');

    expect(page.url()).toBe(`${world.origin}/notes?page=2#third`);
    expect(await page.getByRole('main').innerText()).toContain('page-users');
    expect(world.provider.tokenRequests).toEqual(['authorization_code']);
    expect(world.provider.authorizationRequests).toHaveLength(1);
    const [asked] = world.provider.authorizationRequests;
    expect(asked?.get('code_challenge_method')).toBe('S256');
    expect(asked?.get('response_type')).toBe('code');
    expect(asked?.get('redirect_uri')).toBe(`${world.origin}/auth/callback`);
    expect(asked?.get('scope')).toBe('openid profile email groups offline_access');
    expect(errors).toEqual([]);
  });

  test('leaves no page behind that Back would be thrown forward from', async () => {
    const page = await open(context, 'about:blank');
    await page.goto(world.origin);
    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');

    const visited = await page.evaluate(() => history.length);
    await page.reload();
    await sees(page, 'Hello, Alice Adams');

    expect(visited).toBeLessThanOrEqual(4); // blank, the provider's two pages, the app
    expect(world.provider.tokenRequests).toEqual(['authorization_code']);
  });

  test('asks once: not again for a second tab, and not while the service has a session', async () => {
    const first = await open(context, world.origin);
    await signIn(first, 'alice');
    await sees(first, 'Hello, Alice Adams');

    const second = await open(context, `${world.origin}/second`);
    await sees(second, 'Hello, Alice Adams');
    expect(world.provider.authorizationRequests).toHaveLength(1);

    await second.evaluate(() => {
      localStorage.clear();
    });
    await second.goto(`${world.origin}/third?x=1`);
    await sees(second, 'Hello, Alice Adams');
    expect(second.url()).toBe(`${world.origin}/third?x=1`);
    expect(world.provider.authorizationRequests).toHaveLength(2);
  });

  test('takes an old callback address for what it is', async () => {
    const page = await open(context, world.origin);
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('/auth/callback?')) {
        callbacks.push(request.url());
      }
    });
    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');
    expect(callbacks).toHaveLength(1);

    // A restored tab: the code has been used, but the session is there.
    await page.goto(callbacks[0] ?? '');
    await sees(page, 'Hello, Alice Adams');
    expect(page.url()).toBe(`${world.origin}/`);

    // A bookmark in a browser that has forgotten everything else.
    await page.evaluate(() => {
      localStorage.clear();
    });
    await page.goto(callbacks[0] ?? '');
    await sees(page, 'Hello, Alice Adams');
    expect(page.url()).toBe(`${world.origin}/`);
    expect(world.provider.tokenRequests).toEqual(['authorization_code', 'authorization_code']);
  });

  test('says what the service said, and tries again', async () => {
    const page = await open(context, `${world.origin}/notes`);
    await page.getByRole('link', { name: 'Refuse' }).click();

    await sees(page, 'Sign-in did not work');
    expect(await page.getByRole('alert').innerText()).toBe(
      'The sign-in service refused: you said no',
    );
    expect(page.url()).toBe(`${world.origin}/notes`);

    await page.getByRole('button', { name: 'Try again' }).click();
    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');
    expect(page.url()).toBe(`${world.origin}/notes`);
  });

  test('shows that the service is away, and works when it is back', async () => {
    world.provider.down = true;
    const page = await open(context, world.origin);
    await sees(page, 'Sign-in did not work');
    expect(await page.getByRole('alert').innerText()).toContain('cannot be reached');

    world.provider.down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');
  });

  test('stops when the way leads round and round', async () => {
    const page = await open(context, world.origin);
    await signIn(page, 'alice');
    await sees(page, 'Hello, Alice Adams');

    // The service knows the person, but this browser forgets each request before its answer comes.
    await page.addInitScript(() => {
      localStorage.clear();
    });
    await page.goto(world.origin);
    await sees(page, 'Sign-in did not work');
    expect(await page.getByRole('alert').innerText()).toContain('several times');
    expect(world.provider.authorizationRequests.length).toBeLessThanOrEqual(7);
  });

  test('waits to be asked with autoSignIn off', async () => {
    world.site.config.autoSignIn = false;
    const page = await open(context, world.origin);
    await page.getByRole('button', { name: 'Sign in when you like' }).click();
    await signIn(page, 'bob');
    await sees(page, 'Hello, Bob Brown');
  });

  test('keeps two clients of one origin apart', async () => {
    const first = await open(context, world.origin);
    await signIn(first, 'alice');
    await sees(first, 'Hello, Alice Adams');

    world.site.config.clientId = 'other';
    const second = await open(context, world.origin);
    await sees(second, 'Hello, Alice Adams');
    expect((await storedTokens(second, 'other'))?.access_token).not.toBe(
      (await storedTokens(second, 'page'))?.access_token,
    );

    await second.getByRole('button', { name: 'Sign out' }).click();
    await sees(second, 'You are signed out');
    expect(await storedTokens(first, 'page')).not.toBeNull();
    expect(await storedTokens(first, 'other')).toBeNull();
  });
});

describe.skipIf(CHROMIUM === null)('an address without https', () => {
  test('is told so, instead of a sign-in that cannot work', async () => {
    const world = await startWorld('page.example.test', 'auth.example.test', [
      '--host-resolver-rules=MAP *.example.test 127.0.0.1',
    ]);
    try {
      reset(world);
      const page = await open(await newContext(world), world.origin);
      await sees(page, 'Sign-in did not work');
      expect(await page.getByRole('alert').innerText()).toContain('needs https');
    } finally {
      await world.close();
    }
  });
});
