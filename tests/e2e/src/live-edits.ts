/** A change of shared code or of the app's code takes effect at once: no container is built or started for it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { Person, type Tab } from './browser.ts';
import { ask } from './http.ts';
import { run } from './run.ts';
import { REPOSITORY } from './settings.ts';
import type { Stack } from './stack.ts';
import { eventually, steps } from './test.ts';

const ROUTE = `@router.get("/edited")
async def get_edited() -> str:
    return "seen"
`;

export function liveEdits(stack: Stack): void {
  void describe('an edit', () => {
    const it = steps();
    const orders = stack.app('product');
    let person: Person;
    let tab: Tab;
    let startedAt: string;

    const starts = async () =>
      run('docker', [
        'inspect',
        '--format',
        '{{.Id}} {{.State.StartedAt}}',
        await orders.project.container('frontend'),
        await orders.project.container('backend'),
      ]);

    before(async () => {
      person = await Person.sitDown();
      tab = await person.openTab();
      await tab.signIn(orders, 'admin', 'Ada Admin');
      startedAt = await starts();
    });
    after(() => person.leave());

    it('of packages/ui shows in the open page', async () => {
      await listening(tab);
      await edit('packages/ui/src/index.ts', (text) => `${text}\ndocument.title = 'edited: ui';\n`);
      await tab.page.waitForFunction(() => document.title === 'edited: ui');
      await tab.greeted('Ada Admin');
    });

    it('of packages/auth-client-ts shows in the open page', async () => {
      await listening(tab);
      const file = 'packages/auth-client-ts/src/index.ts';
      await edit(file, (text) => `${text}\ndocument.body.dataset.edited = 'auth-client-ts';\n`);
      await tab.page.waitForFunction(() => document.body.dataset['edited'] === 'auth-client-ts');
      await tab.greeted('Ada Admin');
    });

    it('of the app’s page shows in the open page', async () => {
      await listening(tab);
      const file = join(orders.project.folder, 'frontend/src/index.css');
      await edit(file, (text) => `${text}\nbody { outline: 3px solid rgb(1, 2, 3); }\n`);
      await tab.page.waitForFunction(
        () => getComputedStyle(document.body).outlineColor === 'rgb(1, 2, 3)',
      );
    });

    it('of the backend is answered by the next request', async () => {
      const file = join(orders.project.folder, 'backend/src/routes/health.py');
      await edit(file, (text) => `${text}\n\n${ROUTE}`);
      await eventually(async () => {
        assert.match((await ask(`${orders.origin}/api/health/edited`)).text, /seen/);
      });
    });

    it('took no new container', async () => {
      assert.equal(await starts(), startedAt);
    });
  });
}

/**
 * Reloads the page and waits until it applies edits. An edit may be lost if Vite still processes the last one when it
 * has already reported that.
 */
async function listening({ page }: Tab): Promise<void> {
  const connected = page.waitForEvent('console', {
    predicate: (message) => message.text().includes('[vite] connected'),
  });
  await page.reload({ waitUntil: 'networkidle' });
  await connected;
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const file = join(REPOSITORY, path);
  const before = await readFile(file, 'utf8');
  const text = change(before);
  assert.notEqual(text, before, `${path} has nothing left to change`);
  await writeFile(file, text);
}
