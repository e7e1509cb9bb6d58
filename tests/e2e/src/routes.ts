/** The gateway of a development machine: which host leads to which app, and what it answers if none does. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { ask } from './http.ts';
import { passes, refusesLarge } from './passing.ts';
import { run } from './run.ts';
import type { Stack } from './stack.ts';
import { eventually, it } from './test.ts';

export function routes(stack: Stack): void {
  void describe('the gateway', () => {
    const at = (host: string) => `http://${host}.localhost:${String(stack.httpPort)}`;

    it('brings each host to its app, and /api to the app’s backend', async () => {
      for (const kind of ['product', 'client', 'platform'] as const) {
        const { slug, origin } = stack.app(kind);
        const config = await ask(`${origin}/api/config`);
        assert.equal((JSON.parse(config.text) as { slug: string }).slug, slug);
        assert.match((await ask(`${origin}/`)).text, /<div id="root">/);
      }
    });

    it('brings nothing else to the backend, such as what only begins with /api', async () => {
      const { origin, ports } = stack.app('product');
      // The second one is the frontend's own port, whose server does the same.
      for (const at of [origin, `http://127.0.0.1:${String(ports.frontend)}`]) {
        for (const path of ['/apiary', '/api-keys', '/apis/x']) {
          const page = await ask(at + path, { headers: { accept: 'text/html' } });
          assert.match(page.text, /<div id="root">/, at + path);
        }
        for (const path of ['/api', '/api/', '/api?x=1', '/api/nothing']) {
          const answer = await ask(at + path, { headers: { accept: 'text/html' } });
          assert.equal(answer.status, 404, at + path);
          assert.match(String(answer.headers['content-type']), /problem\+json/, at + path);
        }
      }
    });

    it('has no route for a container without labels', async () => {
      for (const host of ['unlabelled', 'e2e-echo-unlabelled', 'unlabelled-e2e-echo']) {
        assert.equal((await ask(`${at(host)}/`)).status, 404);
      }
    });

    it('has no own path on an app’s host', async () => {
      assert.equal((await ask(`${at('nobody')}/healthz`)).status, 404);
    });

    it('says that there is no such app', async () => {
      const page = await ask(`${at('nobody')}/`, { headers: { accept: 'text/html' } });
      assert.equal(page.status, 404);
      assert.match(page.text, /There is no such app.*scalr list/s);
      const api = await ask(`${at('nobody')}/api/notes`);
      assert.equal(api.status, 404);
      assert.match(String(api.headers['content-type']), /problem\+json/);
      assert.match(api.text, /scalr list/);
      // The answer does not repeat an invalid name.
      const odd = await ask(`${at('x')}/`, { headers: { host: '"><script>.localhost' } });
      assert.doesNotMatch(odd.text, /<script>/);
    });

    it('says which app is down, and what to type', async () => {
      const { slug, project, origin } = stack.app('client');
      const containers = [await project.container('frontend'), await project.container('backend')];
      await run('docker', ['stop', ...containers]);
      try {
        await eventually(async () => {
          const page = await ask(`${origin}/`, { headers: { accept: 'text/html' } });
          assert.equal(page.status, 503, page.text);
          assert.equal(page.headers['retry-after'], '5');
          assert.match(page.text, new RegExp(`${slug} is not running.*scalr up ${slug}`, 's'));
        });
        await eventually(async () => {
          const api = await ask(`${origin}/api/notes`);
          assert.equal(api.status, 503);
          assert.deepEqual((JSON.parse(api.text) as { status: number }).status, 503);
        });
      } finally {
        await run('docker', ['start', ...containers]);
      }
      await eventually(async () => {
        assert.equal((await ask(`${origin}/api/health/live`)).status, 200);
        assert.match((await ask(`${origin}/`)).text, /<div id="root">/);
      }, 90_000);
    });

    refusesLarge(() => ({ origin: stack.app('product').origin }));
    passes(() => ({ origin: at('e2e-echo') }));
  });
}
