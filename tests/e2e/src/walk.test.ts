/** The walk of a newcomer with README.md: an app, a note in it, and which data `down` and `down -v` keep. */
import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, describe } from 'node:test';
import { closeBrowser, Person, type Tab } from './browser.ts';
import { freePort, gatewayPort, isFree } from './ports.ts';
import { commandUnder } from './readme.ts';
import { run, tryRun } from './run.ts';
import { REPOSITORY } from './settings.ts';
import { atTerminal } from './terminal.ts';
import { steps } from './test.ts';

const ALICE = 'Alice Archer';
/** README.md's example, which tests/e2e/walk removes at the end. */
const APP = { slug: 'order-desk', name: 'Order Desk', folder: 'apps/products/order-desk' };
const NOTE = 'Two boxes came back';
/** The sign-in's only volume, which `down` never removes. */
const SIGN_IN = { slug: 'auth-dev', volume: 'auth-dev_data' };

// On a CI server `scalr validate` would print annotations instead of text.
const AT_HOME = { cwd: REPOSITORY, env: { GITHUB_ACTIONS: '' } };

const port = await gatewayPort();
const suffix = port === 80 ? '' : `:${String(port)}`;
const authOrigin = `http://auth.localhost${suffix}`;
const place = (slug: string) => ({
  origin: `http://${slug}.localhost${suffix}`,
  issuer: `${authOrigin}/application/o/${slug}/`,
});
const hub = place('portal');
const app = place(APP.slug);

async function type(command: string): Promise<string> {
  const started = Date.now();
  const output = await run('sh', ['-c', command], AT_HOME);
  console.log(`$ ${command}  (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return output;
}

/** Runs a command of README.md. `more` replaces a yes at a terminal. */
const follow = async (heading: string, command: string, ...more: string[]): Promise<string> =>
  type([await commandUnder(heading, command), ...more].join(' '));

const up = () => follow('Open it in a browser', 'scalr up', '--yes');

after(closeBrowser);

void describe('a newcomer', () => {
  const it = steps();
  let alice: Person;
  let tab: Tab;

  it('makes an app, and all is valid', async () => {
    const said = await follow('For agents and scripts', 'scalr new-app');
    assert.match(said, new RegExp(`created ${APP.name} in ${APP.folder}/`));
    assert.match(await follow('A first app', 'scalr validate'), /, no findings$/);
  });

  it('starts everything, and is told the address', async () => {
    if (port !== 80) await moveGateway();
    await up();
    assert.equal(await follow('Open it in a browser', 'scalr open'), app.origin);
    assert.match(
      await follow('Run the apps', 'scalr ps'),
      new RegExp(`${APP.slug}.*${app.origin}`),
    );
  });

  it('signs in at the portal, which has the app', async () => {
    alice = await Person.sitDown();
    tab = await alice.openTab();
    await tab.signIn(hub, 'alice', ALICE);
    await tab.page.getByRole('link', { name: APP.name, exact: true }).waitFor();
    await tab.picture('portal');
  });

  it('opens it from there without a second password, and leaves a note', async () => {
    const asked = tab.visited.length;
    await tab.page.getByRole('link', { name: APP.name, exact: true }).click();
    await tab.page.waitForURL(`${app.origin}/`);
    await tab.greeted(ALICE);
    const since = tab.visited.slice(asked);
    assert.ok(!since.some(({ pathname }) => pathname.includes('/interaction/')), String(since));
    await tab.addNote(NOTE);
    await tab.picture('note');
  });

  it('finds the note again after `scalr down`, and others can sign in', async () => {
    await follow('Run the apps', 'scalr down');
    assert.deepEqual(await projects('container'), [SIGN_IN.slug]);
    await up();
    const colleague = await Person.sitDown();
    const hers = await colleague.openTab();
    await hers.signIn(app, 'alice', ALICE);
    await hers.note(NOTE).waitFor();
    assert.deepEqual(colleague.errors, []);
    await colleague.leave();
  });

  it('loses the data with `scalr down -v` only after typing the repository’s name', async () => {
    const before = await projects('volume');
    const refused = await atTerminal('scalr down -v', asked('yes'), AT_HOME);
    assert.equal(refused.status, 2, refused.screen);
    assert.match(refused.screen, /nothing was changed/);
    assert.deepEqual(await projects('volume'), before);

    const done = await atTerminal('scalr down -v', asked(basename(REPOSITORY)), AT_HOME);
    assert.equal(done.status, 0, done.screen);
    assert.match(done.screen, new RegExp(`${APP.slug}_`));
    assert.deepEqual(await projects('volume'), [SIGN_IN.slug]);
  });

  it('keeps the sign-in’s data even when that is stopped by name', async () => {
    const said = await tryRun('scalr', ['down', '-v', '--yes', SIGN_IN.slug], AT_HOME);
    assert.equal(said.status, 0, said.all);
    assert.match(said.all, new RegExp(`${SIGN_IN.volume} stays`));
    assert.deepEqual(await projects('container'), []);
    assert.deepEqual(await projects('volume'), [SIGN_IN.slug]);
  });

  it('is still signed in when the app runs again, and the note is gone', async () => {
    // By name, since portal and documentation are not needed.
    await type(`scalr up gateway ${SIGN_IN.slug} ${APP.slug}`);
    const again = await alice.openTab();
    await again.open(app);
    // Without the app's own tokens, only the session of the sign-in is left.
    await again.page.evaluate(() => {
      localStorage.clear();
    });
    await again.page.reload();
    await again.greeted(ALICE);
    assert.equal(again.wasAsked, false, String(again.visited));
    await again.page.getByRole('heading', { name: 'No notes yet' }).waitFor();
    await again.picture('no-note');
    assert.deepEqual(alice.errors, []);
  });

  it('leaves nothing behind but the sign-in’s data', async () => {
    await type(`scalr down -v --yes && scalr down ${SIGN_IN.slug}`);
    assert.deepEqual(await projects('container'), []);
    assert.deepEqual(await projects('network'), []);
    assert.deepEqual(await projects('volume'), [SIGN_IN.slug]);
  });
});

const asked = (answer: string) => ({ question: 'to remove them', answer });

/** The compose projects of this repository that have such a thing on the engine. */
async function projects(kind: 'container' | 'volume' | 'network'): Promise<string[]> {
  const list = [kind, 'ls', ...(kind === 'container' ? ['--all'] : [])];
  const format = '{{.Label "com.docker.compose.project"}}';
  const names = new Set((await run('docker', [...list, '--format', format])).split('\n'));
  return ['gateway', 'portal', 'docs', SIGN_IN.slug, APP.slug].filter((name) => names.has(name));
}

/** The variables of .env.shared.example for a machine where port 80 is taken. */
async function moveGateway(): Promise<void> {
  // It reports that the port is taken.
  await tryRun('scalr', ['doctor', '--fix'], AT_HOME);
  const lines = [
    `GATEWAY_HTTP_PORT=${String(port)}`,
    `SCALR_AUTH_ORIGIN=${authOrigin}`,
    `SCALR_PORTAL_URL=${hub.origin}`,
    `SCALR_DOCS_URL=${place('docs').origin}`,
  ];
  if (!(await isFree(8090))) lines.push(`GATEWAY_DASHBOARD_PORT=${String(await freePort())}`);
  await appendFile(join(REPOSITORY, '.env.shared'), `${lines.join('\n')}\n`);
}
