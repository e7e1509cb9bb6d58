/** Certificates as on a real server: requested, validated and kept, with Pebble, Let's Encrypt's test server. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'node:test';
import { type PeerCertificate, connect } from 'node:tls';
import { certify } from './authority.ts';
import { through } from './passing.ts';
import { freePort } from './ports.ts';
import { Project } from './project.ts';
import { run } from './run.ts';
import { REPOSITORY } from './settings.ts';
import type { Stack } from './stack.ts';
import { eventually, steps } from './test.ts';

const DOMAIN = 'acme.test';
/** The gateway's own time limit for obtaining a certificate. */
const WITHIN_MS = 90_000;

export function acme(stack: Stack): void {
  void describe('the gateway’s certificates of an ACME server', () => {
    const it = steps();
    const desk = stack.app('internal');
    const hosts = { desk: `${desk.slug}.${DOMAIN}`, echo: `e2e-echo.${DOMAIN}` };
    const files = ['docker-compose.yml', 'docker-compose.prod.yml', 'e2e-acme.yml'];
    let env: Record<string, string>;
    let pebble: Project;
    /** The root of pebble's certificates, a new one at each of its starts. */
    let root: string;
    let kept: string;

    const gateway = (more: Record<string, string> = {}) =>
      new Project('e2e-gateway', 'services/gateway', { ...env, ...more }, files);
    /** Pebble's log line for each http request to a host. */
    const provedByHttp = async () => {
      const log = await run('sh', ['-c', `docker logs ${await pebble.container('pebble')} 2>&1`]);
      return log.match(/validate w\/ HTTP: .*/g)?.join('\n') ?? '';
    };
    const certificate = (host: string) => handshake(host, Number(env['GATEWAY_HTTPS_PORT']), root);

    it('come to a new host by TLS-ALPN-01', async () => {
      const [http, https, roots] = [await freePort(), await freePort(), await freePort()];
      env = {
        GATEWAY_BIND: '127.0.0.1:',
        GATEWAY_HTTP_PORT: String(http),
        GATEWAY_HTTPS_PORT: String(https),
        GATEWAY_DASHBOARD_PORT: String(stack.dashboardPort),
        SCALR_PUBLIC_DOMAIN: DOMAIN,
        SCALR_ACME_EMAIL: 'e2e@example.com',
        SCALR_ACME_SERVER: 'https://pebble:14000/dir',
      };
      pebble = new Project('e2e-pebble', 'tests/e2e/pebble', { PEBBLE_PORT: String(roots) });
      const ca = await configure(http, https, Object.values(hosts));
      // Without a public name it asks for no certificate yet.
      await Promise.all([pebble.up(), stack.echo.up()]);
      root = await eventually(async () => {
        const answer = await through({ origin: `https://pebble:${String(roots)}`, ca }, '/roots/0');
        assert.equal(answer.status, 200);
        return answer.text;
      });
      await desk.project.deployed.up({ SCALR_PUBLIC_DOMAIN: DOMAIN });
      await gateway().up();
      await eventually(async () => {
        const { subjectaltname, issuer } = await certificate(hosts.desk);
        assert.equal(subjectaltname, `DNS:${hosts.desk}`);
        assert.match(String(issuer.CN), /^Pebble Intermediate CA/);
      }, WITHIN_MS);
      const page = await through(
        { origin: `https://${hosts.desk}:${String(https)}`, ca: root },
        '/',
      );
      assert.match(page.text, /<div id="root">/);
    });

    it('are not asked for under a name that no app has', async () => {
      await assert.rejects(certificate(hosts.echo));
      await assert.rejects(certificate(`nobody.${DOMAIN}`));
    });

    it('come by HTTP-01 where that is what is wanted', async () => {
      assert.doesNotMatch(await provedByHttp(), /e2e-desk/);
      await gateway({ SCALR_ACME_TLS_CHALLENGE: 'false' }).up();
      await stack.echo.deployed.up({ SCALR_PUBLIC_DOMAIN: DOMAIN });
      await eventually(async () => {
        assert.equal((await certificate(hosts.echo)).subjectaltname, `DNS:${hosts.echo}`);
      }, WITHIN_MS);
      assert.match(await provedByHttp(), /e2e-echo/);
      kept = (await certificate(hosts.desk)).serialNumber;
    });

    it('are kept when the gateway is recreated and the ACME server is gone', async () => {
      await run('docker', ['stop', await pebble.container('pebble')]);
      await run('docker', ['rm', '--force', await gateway().container('traefik')]);
      await gateway().up();
      await eventually(async () => {
        assert.equal((await certificate(hosts.desk)).serialNumber, kept);
        assert.equal((await certificate(hosts.echo)).subjectaltname, `DNS:${hosts.echo}`);
      });
    });
  });
}

/**
 * Pebble's configuration, with which the gateway trusts it, and it finds the gateway by the hosts' names. Returns the
 * authority of pebble's own address.
 */
async function configure(http: number, https: number, hosts: string[]): Promise<string> {
  const folder = join(REPOSITORY, 'tests/e2e/pebble/made');
  const ca = await certify(folder, 'pebble');
  const config = {
    listenAddress: '0.0.0.0:14000',
    managementListenAddress: '0.0.0.0:15000',
    certificate: '/etc/pebble/host.pem',
    privateKey: '/etc/pebble/host.key',
    httpPort: http,
    tlsPort: https,
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ pebble: config }));
  const trusted = '/etc/traefik/pebble.pem';
  const traefik = {
    environment: { LEGO_CA_CERTIFICATES: trusted },
    volumes: [`${join(folder, 'ca.pem')}:${trusted}:ro`],
    networks: { edge: { aliases: hosts } },
  };
  await writeFile(
    join(REPOSITORY, 'services/gateway/e2e-acme.yml'),
    JSON.stringify({ services: { traefik } }),
  );
  return ca;
}

/** The host's certificate; an error unless it is valid and signed by the root. */
function handshake(host: string, port: number, ca: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: host }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
