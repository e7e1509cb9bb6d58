/** An app of each kind is valid, and passes its own smoke test. */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe } from 'node:test';
import type { Project } from './project.ts';
import { run, tryRun } from './run.ts';
import { REPOSITORY, SCALR } from './settings.ts';
import type { Kind, Stack } from './stack.ts';
import { it } from './test.ts';

const KINDS: Kind[] = ['product', 'client', 'internal', 'platform'];

export function matrix(stack: Stack): void {
  void describe('an app of each kind', () => {
    it('stands in a valid repository', async () => {
      const said = await run(SCALR, ['-C', REPOSITORY, 'validate']);
      assert.match(said, /no findings/);
    });

    for (const kind of KINDS) {
      it(`${kind}: passes its smoke test`, () => smokeTest(stack, stack.app(kind).project));
    }
  });
}

/** What the app's own scripts/smoke-test.sh says; it may leave nothing out. */
export async function smokeTest({ httpPort }: Stack, project: Project): Promise<void> {
  const { status, all } = await tryRun(join(project.path, 'scripts/smoke-test.sh'), [], {
    env: {
      PATH: `${dirname(SCALR)}:${process.env['PATH'] ?? ''}`,
      SMOKE_GATEWAY: `http://127.0.0.1:${String(httpPort)}`,
    },
  });
  assert.equal(status, 0, all);
  assert.doesNotMatch(all, /^(FAIL|skip)/m, all);
}
