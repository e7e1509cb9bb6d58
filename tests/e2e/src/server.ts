/** The gateway as on a server: https under a public name, with certificates of a test authority. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'node:test';
import { connect } from 'node:tls';
import { certify } from './authority.ts';
import {
  type Through,
  type Way,
  answered,
  begin,
  passes,
  refusesLarge,
  through,
} from './passing.ts';
import { freePort } from './ports.ts';
import { Project } from './project.ts';
import { run } from './run.ts';
import { REPOSITORY } from './settings.ts';
import type { Stack } from './stack.ts';
import { eventually, steps } from './test.ts';

const DOMAIN = 'e2e.test';
const SECRET = 'do-not-log-me';

export function server(stack: Stack): void {
  void describe('the gateway on a server', () => {
    const it = steps();
    let gateway: Project;
    let ca: string;
    let httpsPort: number;
    let httpPort: number;

    const way = (slug: string): Way => ({
      origin: `https://${slug}.${DOMAIN}:${String(httpsPort)}`,
      ca,
    });
    const desk = stack.app('internal');

    it('starts with what scalr lays over the gateway for development', async () => {
      [httpPort, httpsPort] = [await freePort(), await freePort()];
      const env = {
        GATEWAY_BIND: '127.0.0.1:',
        GATEWAY_HTTP_PORT: String(httpPort),
        GATEWAY_HTTPS_PORT: String(httpsPort),
        GATEWAY_DASHBOARD_PORT: String(stack.dashboardPort),
        SCALR_PUBLIC_DOMAIN: DOMAIN,
        // No server listens there: a request for a certificate would be in the log.
        SCALR_ACME_SERVER: 'https://127.0.0.1:9/directory',
      };
      ca = await certifyDomain();
      const files = ['docker-compose.yml', 'docker-compose.prod.yml', 'e2e.yml'];
      gateway = new Project('e2e-gateway', 'services/gateway', env, files);
      await Promise.all([
        desk.project.deployed.up({ SCALR_PUBLIC_DOMAIN: DOMAIN }),
        stack.echo.deployed.up({ SCALR_PUBLIC_DOMAIN: DOMAIN }),
      ]);
      await gateway.up();
      await eventually(async () => {
        assert.equal((await through(way('e2e-echo'), '/')).text, 'echo');
      }, 60_000);
    });

    it('serves page and API by https, and tells browsers to stay there', async () => {
      const page = await through(way(desk.slug), '/');
      assert.equal(page.status, 200);
      assert.match(page.text, /<div id="root">/);
      assert.equal(page.headers['strict-transport-security'], 'max-age=31536000');
      const live = await through(way(desk.slug), '/api/health/live');
      assert.deepEqual(JSON.parse(live.text), { status: 'live' });
      assert.equal(live.headers['strict-transport-security'], 'max-age=31536000');
    });

    it('brings what only begins with /api to the page', async () => {
      assert.match((await through(way(desk.slug), '/apiary')).text, /<div id="root">/);
      const answer = await through(way(desk.slug), '/api');
      assert.match(String(answer.headers['content-type']), /problem\+json/);
    });

    it('sends http to https, and serves nothing by http', async () => {
      for (const host of [`${desk.slug}.${DOMAIN}`, `${desk.slug}.localhost`]) {
        const origin = `http://${host}:${String(httpPort)}`;
        const answer = await through({ origin }, '/a/b?c=d');
        assert.equal(answer.status, 301);
        assert.equal(answer.headers.location, `https://${host}:${String(httpsPort)}/a/b?c=d`);
      }
    });

    it('speaks TLS 1.2 and 1.3 and nothing older, and only under names that it has a certificate for', async () => {
      assert.equal(await handshake({ maxVersion: 'TLSv1.3' }), 'TLSv1.3');
      assert.equal(await handshake({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
      await assert.rejects(handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }));
      await assert.rejects(handshake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }));
      await assert.rejects(handshake({ servername: 'another.test' }));
    });

    it('compresses text', async () => {
      const headers = { 'accept-encoding': 'gzip' };
      const plain = await through(way('e2e-echo'), '/text');
      const packed = await through(way('e2e-echo'), '/text', { headers });
      assert.equal(packed.headers['content-encoding'], 'gzip');
      assert.equal(plain.headers['content-encoding'], undefined);
      assert.ok(plain.text.length > 5_000);
    });

    it('tells the app who asked, and by https', async () => {
      const forged = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' };
      const answer = await through(way('e2e-echo'), '/headers', { headers: forged });
      const headers = JSON.parse(answer.text) as Record<string, string>;
      assert.equal(headers['x-forwarded-proto'], 'https');
      assert.doesNotMatch(headers['x-forwarded-for'] ?? '', /203\.0\.113\.9/);
    });

    it('refuses headers that are larger than any that are meant', async () => {
      const refused = await through(way('e2e-echo'), '/', {
        headers: { 'x-large': 'x'.repeat(100_000) },
      }).catch((): Pick<Through, 'status'> => ({ status: 431 }));
      assert.equal(refused.status, 431);
    });

    it('takes no more than 500 requests at once from one address', async () => {
      const held = await Promise.all(
        Array.from({ length: 520 }, () => {
          const sent = begin(way('e2e-echo'), '/events');
          sent.end();
          return new Promise<{ status: number | undefined; end: () => void }>((resolve, reject) => {
            sent.on('error', reject).on('response', (response) => {
              resolve({ status: response.statusCode, end: () => sent.destroy() });
            });
          });
        }),
      );
      const refused = held.filter(({ status }) => status === 429).length;
      for (const { end } of held) end();
      assert.equal(refused, 20);
      await eventually(async () => {
        assert.equal((await through(way('e2e-echo'), '/')).status, 200);
      });
    });

    it('says which app is down by https, too', async () => {
      const headers = { accept: 'text/html' };
      // Its public name is not this domain's: it was started without one.
      const known = await through(way('e2e-acme'), '/', { headers });
      assert.equal(known.status, 503);
      assert.match(known.text, /e2e-acme is not running/);
      const unknown = await through(way('nobody'), '/', { headers });
      assert.equal(unknown.status, 404);
    });

    it('takes no body of 1 GB to any app', async () => {
      const headers = { 'content-length': '1000000000' };
      const sent = begin(way('e2e-echo'), '/upload', { method: 'POST', headers });
      const block = Buffer.alloc(1024 * 1024);
      const send = () => {
        sent.write(block);
      };
      sent.on('drain', send);
      send();
      const { status, text } = await answered(sent);
      sent.destroy();
      assert.equal(status, 413);
      assert.match(text, /1 GB at most/);
    });

    refusesLarge(() => way(desk.slug));
    passes(() => way('e2e-echo'));

    it('logs each request, without tokens and without what is behind the question mark', async () => {
      await through(way('e2e-echo'), `/logged/path?code=${SECRET}`, {
        headers: {
          authorization: `Bearer ${SECRET}`,
          cookie: `session=${SECRET}`,
          referer: `https://x.test/?code=${SECRET}`,
        },
      });
      const id = await gateway.container('traefik');
      await eventually(async () => {
        const log = await run('sh', ['-c', `docker logs ${id} 2>&1`]);
        assert.match(log, /"RequestPath":"\/logged\/path"/);
        assert.doesNotMatch(log, new RegExp(SECRET));
      });
    });

    it('asks for no certificate of a name that it has one for, nor of one that is no public name', async () => {
      const id = await gateway.container('traefik');
      const log = await run('sh', ['-c', `docker logs ${id} 2>&1`]);
      assert.doesNotMatch(log, /Unable to obtain ACME certificate/);
    });

    const handshake = (options: object): Promise<string | null> =>
      new Promise((resolve, reject) => {
        const servername = `${desk.slug}.${DOMAIN}`;
        const socket = connect(
          { host: '127.0.0.1', port: httpsPort, ca, servername, ...options },
          () => {
            resolve(socket.getProtocol());
            socket.destroy();
          },
        );
        socket.on('error', reject);
      });
  });
}

/** A certificate for every host of the domain, where the gateway finds it. Returns the authority's own. */
async function certifyDomain(): Promise<string> {
  const folder = join(REPOSITORY, 'services/gateway/e2e');
  const ca = await certify(folder, `*.${DOMAIN}`);
  const files = { certFile: '/etc/traefik/e2e/host.pem', keyFile: '/etc/traefik/e2e/host.key' };
  await writeFile(join(folder, 'tls.yml'), JSON.stringify({ tls: { certificates: [files] } }));
  const mounts = ['./e2e:/etc/traefik/e2e:ro', './e2e/tls.yml:/etc/traefik/dynamic/e2e.yml:ro'];
  const compose = { services: { traefik: { volumes: mounts } } };
  await writeFile(join(REPOSITORY, 'services/gateway/e2e.yml'), JSON.stringify(compose));
  return ca;
}
