/** A person uses two apps: signs in once, leaves notes, stays signed in, and signs out of both. */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { Person, type Tab } from './browser.ts';
import { ask } from './http.ts';
import type { App, Stack } from './stack.ts';
import { eventually, steps } from './test.ts';

const ALICE = 'Alice Archer';

/** Rows of the app's own table, read from its database and not through the app. */
function notesOf(app: App): Promise<string> {
  const name = app.slug.replaceAll('-', '_');
  const psql = ['psql', '--username', name, '--dbname', name, '--tuples-only', '--no-align'];
  return app.project.exec('db', ...psql, '--command', 'select text from notes order by text');
}

export function signIn(stack: Stack): void {
  void describe('signing in', () => {
    const it = steps();
    const orders = stack.app('product');
    const acme = stack.app('client');
    let alice: Person;
    let tab: Tab;

    before(async () => {
      alice = await Person.sitDown();
      tab = await alice.openTab();
    });
    after(() => alice.leave());

    it('is what an app begins with', async () => {
      await tab.open(orders, '/?from=mail');
      await tab.atSignIn(orders);
      await tab.page.getByText(orders.name).waitFor();
      await tab.picture('sign-in');
    });

    it('says when the password is wrong', async () => {
      await tab.page.getByLabel('User name').fill('alice');
      await tab.page.getByLabel('Password').fill('wrong');
      await tab.page.getByRole('button', { name: 'Sign in' }).click();
      await tab.page.getByRole('alert').filter({ hasText: 'No user has this name' }).waitFor();
    });

    it('leads back to the page that one came from, which says hello', async () => {
      await tab.typeIn('alice');
      await tab.greeted(ALICE);
      assert.equal(tab.page.url(), `${orders.origin}/?from=mail`);
      await tab.page.getByRole('heading', { name: 'No notes yet' }).waitFor();
      await tab.page.getByRole('banner').getByText(orders.name).waitFor();
      await tab.picture('hello');
    });

    it('shows what is in the app’s own Postgres', async () => {
      await tab.addNote('Two boxes came back');
      await tab.addNote('Æther & <b>bold</b> “quotes” 🎈');
      await tab.picture('notes');
      assert.equal(await notesOf(orders), 'Two boxes came back\nÆther & <b>bold</b> “quotes” 🎈');

      await tab.page.reload();
      await tab.note('Two boxes came back').waitFor();
      await tab.note('🎈').waitFor();
    });

    it('deletes there what is deleted on the page', async () => {
      await tab.page.getByRole('button', { name: /Delete note: Æther/ }).click();
      await tab.note('🎈').waitFor({ state: 'detached' });
      assert.equal(await notesOf(orders), 'Two boxes came back');
    });

    it('to a second app takes no second password, and no data over', async () => {
      const second = await alice.openTab();
      await second.open(acme);
      await second.greeted(ALICE);
      assert.equal(second.wasAsked, false, String(second.visited));
      await second.page.getByRole('heading', { name: 'No notes yet' }).waitFor();
      await second.picture('second-app');
      await second.addNote('For Acme alone');
      assert.equal(await notesOf(acme), 'For Acme alone');
      assert.equal(await notesOf(orders), 'Two boxes came back');
    });

    it('of a user outside the group ends with a clear refusal', async () => {
      const bob = await Person.sitDown('dark');
      const his = await bob.openTab();
      const refused = his.page.waitForResponse((response) => response.status() === 403);
      await his.open(orders);
      await his.atSignIn(orders);
      await his.picture('sign-in-dark');
      await his.typeIn('bob');
      const heading = `You can’t use ${orders.name} yet`;
      await his.page.getByRole('heading', { name: heading }).waitFor();
      assert.match((await (await refused).headerValue('content-type')) ?? '', /problem\+json/);
      await his.page.getByText('bob@example.com').waitFor();
      await his.picture('refused-dark');
      assert.deepEqual(bob.errors, []);
      await bob.leave();
    });

    it('outlasts a restart of the sign-in, and an expired token is renewed unseen', async () => {
      const { auth, authOrigin } = stack;
      await auth.up({ AUTH_DEV_ACCESS_TOKEN_SECONDS: '5' });
      await eventually(async () => {
        assert.equal((await ask(`${authOrigin}/healthz`)).status, 200);
      });

      const before = await tab.tokens(orders);
      const visited = tab.visited.length;
      await expire(tab, orders);
      await tab.addNote('After the token had expired');
      const renewed = await tab.tokens(orders);
      assert.notEqual(renewed.access_token, before.access_token);

      // This token really expires after five seconds: the page renews it before, or when the API refuses it.
      await eventually(async () => {
        await tab.addNote(`Later still ${String(Date.now())}`);
        const again = await tab.tokens(orders);
        assert.notEqual(again.access_token, renewed.access_token);
      }, 60_000);
      assert.equal(tab.visited.length, visited, `went to ${String(tab.visited.slice(visited))}`);
      await auth.up();
    });

    it('ends in every app at once', async () => {
      const other = await alice.openTab();
      await other.open(acme);
      await other.greeted(ALICE);

      await tab.signOut(ALICE);
      await tab.page.getByRole('heading', { name: 'You are signed out' }).waitFor();
      assert.equal(new URL(tab.page.url()).origin, orders.origin);
      await tab.picture('signed-out');

      // The other app's token is valid until it expires; after that the app shows the sign-in page.
      await expire(other, acme);
      await other.page.reload();
      await other.atSignIn(acme);

      await tab.page.reload();
      await tab.atSignIn(orders);
    });

    it('left no uncaught error in any page', () => {
      assert.deepEqual(alice.errors, []);
      return Promise.resolve();
    });
  });
}

/** The clock can't be changed, so the test marks the page's token as expired and replaces it by one that the API refuses. */
async function expire(tab: Tab, app: App): Promise<void> {
  const key = `oidc.user:${app.issuer}:${app.slug}`;
  await tab.page.evaluate((name) => {
    const kept = JSON.parse(localStorage.getItem(name) ?? '{}') as Record<string, unknown>;
    const past = { ...kept, expires_at: 1, access_token: 'expired' };
    localStorage.setItem(name, JSON.stringify(past));
  }, key);
}
