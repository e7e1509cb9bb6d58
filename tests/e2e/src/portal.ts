/** The portal: what each person sees there, and that no person sees more. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { assertAccessible } from './accessible.ts';
import { Person, type Tab } from './browser.ts';
import { statuses } from './gateway.ts';
import { ask } from './http.ts';
import { smokeTest } from './matrix.ts';
import { run } from './run.ts';
import { REPOSITORY } from './settings.ts';
import type { Stack } from './stack.ts';
import { eventually, steps } from './test.ts';

const ALICE = 'Alice Archer';

const REFUSED = [
  'POST /containers/json',
  'GET /v1.41/containers/json',
  'GET /containers/CONTAINER/json',
  'GET /containers/CONTAINER/logs?stdout=1',
  'GET /containers/json/../CONTAINER/json',
  'GET /containers/json%2f..%2fCONTAINER/json',
  'GET /version',
  'GET /events',
  'GET /images/json',
  'POST /containers/create',
  'POST /containers/CONTAINER/exec',
  'PUT /containers/CONTAINER/archive?path=/tmp',
  'DELETE /containers/CONTAINER',
];

export function portal(stack: Stack): void {
  void describe('the portal', () => {
    const it = steps();
    const { portal: hub } = stack;
    const orders = stack.app('product');
    const desk = stack.app('internal');
    let alice: Person;
    let tab: Tab;

    const card = (on: Tab, name: string) =>
      on.page
        .getByRole('listitem')
        .filter({ has: on.page.getByRole('heading', { name, exact: true }) });
    const cards = (on: Tab) => on.page.getByRole('heading', { level: 3 }).allTextContents();
    const state = async (on: Tab, name: string, expected: string) => {
      await card(on, name).getByText(expected, { exact: true }).waitFor({ timeout: 90_000 });
    };

    before(async () => {
      alice = await Person.sitDown();
      tab = await alice.openTab();
    });
    after(() => alice.leave());

    it('is valid, and passes its own smoke test', async () => {
      await smokeTest(stack, hub.project);
    });

    it('shows a person the apps that they may use, and how they are', async () => {
      await tab.signIn(hub, 'alice', ALICE);
      await card(tab, orders.name).waitFor();
      assert.deepEqual(await cards(tab), ['Acme', 'Desk', 'Documentation', 'Ledger', orders.name]);
      for (const name of ['Acme', 'Desk', 'Documentation', 'Ledger', orders.name]) {
        await state(tab, name, 'Up');
      }
      await tab.picture('portal');
      await assertAccessible(tab);
    });

    it('opens an app without a second password, and remembers it', async () => {
      await card(tab, 'Desk').getByRole('link', { name: 'Desk', exact: true }).click();
      await tab.page.waitForURL(`${desk.origin}/`);
      await tab.greeted(ALICE);
      await tab.page.getByRole('banner').getByRole('button', { name: ALICE }).click();
      await tab.page.getByRole('menuitem', { name: 'All apps' }).click();
      await tab.page.waitForURL((url) => url.origin === hub.origin);
      const recent = tab.page.getByRole('navigation', { name: 'Recently used' });
      await recent.getByRole('link', { name: 'Desk' }).waitFor();
    });

    it('keeps favourites for the person, on every machine', async () => {
      await tab.page.getByRole('button', { name: `Favourite: ${orders.name}` }).click();
      await tab.page
        .getByRole('region', { name: 'Favourites' })
        .getByRole('heading', { name: orders.name })
        .waitFor();
      const elsewhere = await Person.sitDown('dark');
      const other = await elsewhere.openTab();
      await other.signIn(hub, 'alice', ALICE);
      const favourites = other.page.getByRole('region', { name: 'Favourites' });
      await favourites.getByRole('heading', { name: orders.name }).waitFor();
      await other.page.getByRole('navigation', { name: 'Recently used' }).waitFor();
      await other.picture('portal-dark');
      await assertAccessible(other);
      assert.deepEqual(elsewhere.errors, []);
      await elsewhere.leave();
    });

    it('is used with the keyboard alone', async () => {
      await tab.page.getByRole('heading', { level: 1 }).waitFor();
      await tab.page.keyboard.press('/');
      await tab.page.keyboard.type('led');
      await tab.page.getByRole('region', { name: 'Found' }).waitFor();
      assert.deepEqual(await cards(tab), ['Ledger']);
      await tab.picture('portal-search');
      await assertAccessible(tab);
      await tab.page.keyboard.press('Escape');
      await tab.page.keyboard.press('ArrowDown');
      const focused = () => tab.page.evaluate(() => document.activeElement?.textContent);
      assert.equal(await focused(), orders.name);
      await tab.page.keyboard.press('ArrowDown');
      assert.equal(await focused(), 'Acme');
      await tab.page.keyboard.press('ArrowRight');
      assert.equal(await focused(), 'Desk');
      await tab.page.keyboard.press('Enter');
      await tab.page.waitForURL(`${desk.origin}/`);
      await tab.open(hub);
    });

    it('notices by itself that an app is not well, and that it is again', async () => {
      const ledger = stack.app('platform');
      const id = await ledger.project.container('backend');
      await state(tab, 'Ledger', 'Up');
      await run('docker', ['stop', id]);
      await state(tab, 'Ledger', 'Unhealthy');
      await tab.picture('portal-unhealthy');
      await run('docker', ['start', id]);
      await state(tab, 'Ledger', 'Up');
    });

    it('shows what an app is connected to, as soon as its manifest says so', async () => {
      await change(orders.project.folder, (text) =>
        text
          .replace('depends_on: []', 'depends_on: [e2e-desk, e2e-ledger]')
          .replace('events_publish: []', 'events_publish: [order.placed]'),
      );
      await change(stack.app('client').project.folder, (text) =>
        text
          .replace('depends_on: []', 'depends_on: [e2e-orders]')
          .replace('events_subscribe: []', 'events_subscribe: [order.placed]'),
      );
      await tab.page.getByRole('link', { name: `Details of ${orders.name}` }).click();
      await tab.page.getByRole('heading', { level: 1, name: orders.name }).waitFor();
      const dependencies = tab.page.getByRole('region', { name: 'Dependencies' });
      await dependencies.getByRole('link', { name: 'Ledger' }).waitFor();
      await dependencies.getByRole('link', { name: 'Acme' }).waitFor();
      await tab.page
        .getByRole('region', { name: 'Events' })
        .getByRole('link', { name: 'Acme' })
        .waitFor();
      assert.equal(await tab.page.getByRole('region', { name: 'Who sees it' }).count(), 0);
      await tab.picture('portal-details', 'whole');
      await assertAccessible(tab);
      await tab.page.setViewportSize({ width: 380, height: 720 });
      await tab.picture('portal-details-narrow');
      await tab.page.goBack();
      await card(tab, 'Acme').waitFor();
      await tab.picture('portal-narrow');
      await tab.page.setViewportSize({ width: 1024, height: 720 });
    });

    it('shows a user without a group the apps that are open to everyone, and how to get access to others', async () => {
      const bob = await Person.sitDown();
      const his = await bob.openTab();
      await his.signIn(hub, 'bob', 'Bob Baker');
      await card(his, 'Documentation').waitFor();
      assert.deepEqual(await cards(his), ['Documentation']);

      await change('services/docs', (text) => `${text}\nx-portal: {hidden: true}\n`);
      await his.page.getByRole('heading', { name: 'No app is open to you yet' }).waitFor();
      await his.page.getByText('bob@example.com').waitFor();
      await his.picture('portal-nothing');
      await assertAccessible(his);
      await his.page.goto(`${hub.origin}/apps/${orders.slug}`);
      await his.page.getByRole('heading', { name: 'There is no such app' }).waitFor();
      await change('services/docs', (text) => text.replace('\nx-portal: {hidden: true}\n', ''));
      assert.deepEqual(bob.errors, []);
      await bob.leave();
    });

    it('shows an admin everything, and why', async () => {
      const admin = await Person.sitDown();
      const her = await admin.openTab();
      await her.signIn(hub, 'admin', 'Ada Admin');
      await card(her, 'Gateway').waitFor();
      const names = await cards(her);
      for (const name of ['Acme', 'Portal', 'Sign-in for development', 'Template App']) {
        assert.ok(names.includes(name), `${name} is missing among ${names.join(', ')}`);
      }
      await state(her, 'Gateway', 'Up');
      await state(her, 'Sign-in for development', 'Up');
      await state(her, 'Template App', 'Down');
      await card(her, 'Acme').getByText('You are in e2e-acme-users').waitFor();
      await her.picture('portal-admin', 'whole');
      await assertAccessible(her);
      await her.page.getByRole('link', { name: 'Details of Acme' }).click();
      const who = her.page.getByRole('region', { name: 'Who sees it' });
      await who.getByText('Members of e2e-acme-users').waitFor();
      const how = her.page.getByRole('region', { name: 'How it runs' });
      await how.getByRole('row', { name: /backend running/ }).waitFor();
      await her.picture('portal-admin-details', 'whole');
      await assertAccessible(her);
      assert.deepEqual(admin.errors, []);
      await admin.leave();
    });

    it('asks the engine one question, and can ask no other', async () => {
      const question = 'GET /containers/json?all=1&filters=%7B%22label%22%3A%5B%22x%22%5D%7D';
      const id = await hub.project.container('backend');
      for (const [asked, status] of await statuses(hub.project, [question, 'HEAD /_ping'], id)) {
        assert.equal(status, '200', asked);
      }
      for (const [asked, status] of await statuses(hub.project, REFUSED, id)) {
        assert.match(status, /^(400|403|405)$/, asked);
      }
      const socket = await hub.project.tryExec('backend', 'test', '-e', '/var/run/docker.sock');
      assert.notEqual(socket.status, 0);
    });

    it('cannot read the repository’s secrets', async () => {
      const read = ['cat', '/mnt/repository/.env.shared'];
      const { status, all } = await hub.project.tryExec('backend', ...read);
      assert.notEqual(status, 0);
      assert.match(all, /Permission denied/);
      const write = ['touch', '/mnt/repository/apps/x'];
      assert.notEqual((await hub.project.tryExec('backend', ...write)).status, 0);
    });

    it('left no uncaught error in any page', () => {
      assert.deepEqual(alice.errors, []);
      return Promise.resolve();
    });
  });

  void describe('the documentation', () => {
    const it = steps();

    it('is a separate site, with diagrams that are drawn without a third party', async () => {
      const reader = await Person.sitDown();
      const tab = await reader.openTab();
      await tab.page.goto(`http://docs.localhost:${String(stack.httpPort)}/architecture/`);
      await tab.page.getByRole('heading', { level: 1, name: 'Architecture' }).waitFor();
      await eventually(async () => {
        assert.ok((await tab.page.locator('div.mermaid').count()) >= 4);
      });
      await tab.picture('docs');
      const elsewhere = tab.requested.filter((url) => !url.hostname.endsWith('.localhost'));
      assert.deepEqual(elsewhere.map(String), []);
      assert.deepEqual(tab.said, []);
      await reader.leave();
    });

    it('can be read by programs', async () => {
      const answer = await fetchText(stack, '/llms.txt');
      assert.match(answer, /^# scalr\n/);
      const page = /\]\((\/guides\/agent-instructions\.md)\)/.exec(answer)?.[1] ?? '';
      assert.match(await fetchText(stack, page), /# How to change this app/);
    });
  });
}

async function fetchText(stack: Stack, path: string): Promise<string> {
  const answer = await ask(`http://docs.localhost:${String(stack.httpPort)}${path}`);
  assert.equal(answer.status, 200, path);
  return answer.text;
}

/** Changes a manifest of the clone. */
async function change(folder: string, edit: (text: string) => string): Promise<void> {
  const file = join(REPOSITORY, folder, 'app.manifest.yml');
  const before = await readFile(file, 'utf8');
  const text = edit(before);
  assert.notEqual(text, before, `${folder} has nothing left to change`);
  await writeFile(file, text);
}
