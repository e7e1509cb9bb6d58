/** The images for a deployment, instead of one app's development server. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { Person } from './browser.ts';
import { ask, json } from './http.ts';
import { smokeTest } from './matrix.ts';
import { run } from './run.ts';
import type { Stack } from './stack.ts';
import { eventually, steps } from './test.ts';

export function production(stack: Stack): void {
  void describe('an app as it is deployed', () => {
    const it = steps();
    const desk = stack.app('internal');
    const { deployed } = desk.project;

    it('takes the place of the one under development, with the same data', async () => {
      const body = { user: 'alice', client_id: desk.slug };
      const issued = json(await ask(`${stack.authOrigin}/dev/token`, { body }));
      const headers = { authorization: `Bearer ${String(issued['access_token'])}` };
      const notes = `${desk.origin}/api/notes`;
      const made = await ask(notes, { headers, body: { text: 'From development' } });
      assert.equal(made.status, 201, made.text);

      await deployed.build();
      await deployed.up();
      // The gateway learns of it a moment later.
      await eventually(async () => {
        const page = await ask(`${desk.origin}/`);
        assert.match(String(page.headers['content-security-policy']), /default-src 'self'/);
      });
      assert.match((await ask(notes, { headers })).text, /From development/);
      await smokeTest(stack, desk.project);
    });

    it('signs people in, and lets them work', async () => {
      const alice = await Person.sitDown();
      const tab = await alice.openTab();
      await tab.signIn(desk, 'alice', 'Alice Archer');
      await tab.addNote('Written in production');
      await tab.page.reload();
      await tab.note('Written in production').waitFor();
      await tab.picture('production');
      // A content security policy that is too strict is reported here.
      assert.deepEqual(tab.said, []);
      assert.deepEqual(alice.errors, []);
      await alice.leave();
    });

    it('runs without root and without what it was built with', async () => {
      for (const service of ['frontend', 'backend']) {
        const user = await deployed.exec(service, 'id', '-u');
        assert.notEqual(user, '0', service);
        const id = await deployed.container(service);
        const mounts = await run('docker', ['inspect', '--format', '{{.Mounts}}', id]);
        assert.equal(mounts, '[]', `${service} mounts ${mounts}`);
      }
      const { status } = await deployed.tryExec('frontend', 'sh', '-c', 'command -v node');
      assert.notEqual(status, 0, 'node is in the image that serves the page');
    });
  });
}
