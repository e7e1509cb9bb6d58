import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it, vi } from 'vitest';
import { jsonLog } from '../src/log.ts';
import { Manifests, toApp } from '../src/manifests.ts';
import { folder, manifest, put, serve } from './running.ts';

const discovery = (url: string, slug: string) =>
  fetch(`${url}/application/o/${slug}/.well-known/openid-configuration`);

async function reader() {
  const repository = await folder();
  const lines: string[] = [];
  const manifests = new Manifests(
    repository,
    jsonLog((line) => lines.push(line)),
  );
  return { repository, lines, manifests };
}

describe('a manifest', () => {
  it('names the client', () => {
    expect(toApp(parse(manifest('desk', { clientId: 'desk-web' })))).toEqual({
      slug: 'desk',
      name: 'The desk',
      clientId: 'desk-web',
      groups: ['desk-users'],
      host: 'desk.localhost',
      frontendPort: 13010,
    });
  });

  it('that says little gets the slug as its client id and host', () => {
    expect(toApp({ slug: 'desk', auth: {} })).toEqual({
      slug: 'desk',
      name: 'desk',
      clientId: 'desk',
      groups: [],
      host: 'desk.localhost',
      frontendPort: undefined,
    });
  });

  it('of a service without a page names none', () => {
    expect(toApp({ slug: 'gateway', ports: {} })).toBeUndefined();
  });

  it.each([
    [null, 'the manifest is not a map'],
    [{ slug: 'Desk' }, 'slug is not in kebab-case: Desk'],
    [{ slug: 'desk', auth: { groups: 'x' } }, 'auth.groups is not a list'],
    [{ slug: 'desk', auth: { groups: [1] } }, 'auth.groups is not a text'],
    [{ slug: 'desk', ports: { frontend: '1' } }, 'ports.frontend is not a number'],
    [{ slug: 'desk', auth: 'x' }, 'auth is not a map'],
  ])('that is wrong is told so: %j', (value, message) => {
    expect(() => toApp(value)).toThrow(message);
  });
});

describe('the manifests of a repository', () => {
  it('are found in the place of each kind and in the template', async () => {
    const { repository, manifests } = await reader();
    for (const path of ['apps/a', 'apps/products/b', 'clients/c', 'services/d', 'template-app']) {
      await put(repository, path, manifest(path.split('/').at(-1) ?? ''));
    }
    await put(repository, 'docs/examples/e', manifest('e'));
    expect((await manifests.read()).map(({ slug }) => slug)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'template-app',
    ]);
  });

  it('keep the client that they named while one of them is broken', async () => {
    const { repository, lines, manifests } = await reader();
    const app = await put(repository, 'apps/desk', manifest('desk'));
    const before = await manifests.read();
    await writeFile(join(app, 'app.manifest.yml'), 'slug: [');
    expect(await manifests.read()).toEqual(before);
    await manifests.read();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('kept as it was');
  });

  it('cannot name one client twice', async () => {
    const { repository, lines, manifests } = await reader();
    await put(repository, 'apps/desk', manifest('desk'));
    await put(repository, 'apps/other', manifest('other', { clientId: 'desk' }));
    expect((await manifests.read()).map(({ slug }) => slug)).toEqual(['desk']);
    expect(lines[0]).toContain('two manifests name the same client');
  });
});

describe('the clients', () => {
  it('are there as soon as their manifest is, change with it and go with it', async () => {
    const { url, repository, lines } = await serve();
    expect((await discovery(url, 'new')).status).toBe(404);
    const app = await put(repository, 'services/new', manifest('new'));
    // Asked for, so looked for at once.
    expect((await discovery(url, 'new')).status).toBe(200);

    const token = (client_id: string) =>
      fetch(`${url}/dev/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'alice', client_id }),
      });
    await put(repository, 'services/new', manifest('new', { clientId: 'renamed' }));
    expect((await token('renamed')).status).toBe(200);
    expect((await token('new')).status).toBe(400);

    await rm(app, { recursive: true });
    await vi.waitFor(
      async () => {
        expect((await discovery(url, 'new')).status).toBe(404);
      },
      { timeout: 5000, interval: 200 },
    );
    const messages = lines.map(({ message }) => message);
    for (const message of ['a client appeared', 'a client changed', 'a client disappeared']) {
      expect(messages).toContain(message);
    }
  });
});
