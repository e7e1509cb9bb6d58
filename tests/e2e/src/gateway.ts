/** Isolation: of the engine from the gateway, of databases from other apps, of secrets from the sign-in. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { ask } from './http.ts';
import type { Project } from './project.ts';
import { run } from './run.ts';
import type { Stack } from './stack.ts';
import { eventually, it } from './test.ts';

const ALLOWED = [
  'GET /_ping',
  'HEAD /_ping',
  'GET /v1.41/_ping',
  'GET /version',
  'GET /v1.24/version',
  'GET /containers/json',
  'GET /v1.41/containers/json?all=1&filters=%7B%22status%22%3A%5B%22running%22%5D%7D',
  'GET /containers/CONTAINER/json',
  'GET /v1.41/containers/CONTAINER/json',
];

const REFUSED = [
  'POST /_ping',
  'POST /containers/create',
  'POST /containers/CONTAINER/stop',
  'POST /v1.41/containers/CONTAINER/exec',
  'POST /containers/CONTAINER/json',
  'PUT /containers/CONTAINER/archive?path=/tmp',
  'DELETE /containers/CONTAINER',
  'GET /containers/CONTAINER/logs?stdout=1',
  'GET /containers/CONTAINER/archive?path=/etc/passwd',
  'GET /containers/CONTAINER/export',
  'GET /containers/CONTAINER/top',
  'GET /images/json',
  'GET /info',
  'GET /volumes',
  'GET /secrets',
  'GET /swarm',
  'GET /v1.41/system/df',
  'POST /build',
  'POST /images/create?fromImage=x',
  'GET /',
  'GET //version',
  'GET /version/',
  'GET /v1.41/../images/json',
  'GET /containers/../images/json',
  'GET /containers/%2e%2e/images/json',
  'GET /containers/..%2fimages/json',
  'GET /containers/json/../../images/json',
  'GET /containers/x/../../images/json',
  'GET /./images/json',
  'GET /images/json?/version',
  'GET /images/json#/version',
  'GET http://127.0.0.1/images/json',
  'GET /images%2fjson%00/version',
  'GET /v1.41/v1.41/images/json',
  'GET /containers/CONTAINER/attach/ws?stream=1',
  'CONNECT /version',
  'get /images/json',
];

const ASK = `for question; do
  method=\${question%% *}
  if [ "$method" = HEAD ]; then how=--head; else how="--request $method"; fi
  curl --silent --path-as-is --max-time 5 --output /dev/null --write-out '%{http_code}\n' $how \
    --request-target "\${question#* }" http://127.0.0.1:2375 || true
done`;

/**
 * The status that each question gets: curl inside of the container of the project's socket proxy, with the address as
 * it is here, but for CONTAINER.
 */
export async function statuses(
  project: Project,
  questions: string[],
  container: string,
): Promise<[string, string][]> {
  const asked = questions.map((question) => question.replace('CONTAINER', container));
  const output = await project.exec('socket-proxy', 'sh', '-c', ASK, 'ask', ...asked);
  const codes = output.split('\n');
  assert.equal(codes.length, questions.length, output);
  return questions.map((question, index) => [question, codes[index] ?? '']);
}

export function gateway(stack: Stack): void {
  void describe('the gateway’s socket proxy', () => {
    const { gateway: project } = stack;

    const asked = async (questions: string[]) =>
      statuses(project, questions, await project.container('traefik'));

    it('answers what Traefik has to know', async () => {
      for (const [question, status] of await asked(ALLOWED)) {
        assert.equal(status, '200', question);
      }
    });

    it('refuses everything else', async () => {
      for (const [question, status] of await asked(REFUSED)) {
        assert.match(status, /^(400|403|405)$/, question);
      }
    });

    it('lets events through for as long as a client listens', async () => {
      const events = 'http://127.0.0.1:2375/events?since=1';
      const curl = ['curl', '--silent', '--max-time', '3', events];
      const { output } = await project.tryExec('socket-proxy', ...curl);
      assert.match(output, /"Type":"container"/);
    });
  });

  void describe('the gateway', () => {
    it('has no route for what no label names', async () => {
      const { httpPort } = stack;
      for (const host of ['nothing', 'e2e-orders-db', 'socket-proxy', 'gateway']) {
        const answer = await ask(`http://${host}.localhost:${String(httpPort)}/`);
        assert.equal(answer.status, 404, host);
      }
    });

    it('shows its dashboard to this machine, and not to the apps', async () => {
      const { dashboardPort, gateway: project, httpPort } = stack;
      const dashboard = await ask(`http://127.0.0.1:${String(dashboardPort)}/api/rawdata`);
      assert.equal(dashboard.status, 200);
      const edge = await project.address('traefik', 'scalr-edge');
      const own = await project.address('traefik', `${project.name}_dashboard`);
      assert.equal(await connects(stack, edge, httpPort), true, 'the apps reach the gateway');
      assert.equal(await connects(stack, edge, 8080), false);
      assert.equal(await connects(stack, own, 8080), false);
    });

    it('takes a route away with its app, and brings it back', async () => {
      const { app } = stack;
      const ledger = app('platform');
      const id = await ledger.project.container('backend');
      const live = `${ledger.origin}/api/health/live`;
      assert.equal((await ask(live)).status, 200);
      await run('docker', ['stop', id]);
      await eventually(async () => {
        // Only the page's route is left: the answer may be a page or an error, but not the backend's.
        assert.doesNotMatch((await ask(live)).text, /"status"/);
      });
      await run('docker', ['start', id]);
      await eventually(async () => {
        assert.equal((await ask(live)).status, 200);
      }, 60_000);
    });
  });

  void describe('an app’s database', () => {
    it('is out of reach for another app', async () => {
      const orders = stack.app('product');
      const address = await orders.project.address('db', `${orders.slug}_private`);
      const own = await orders.project.tryExec('backend', ...dial(address, 5432));
      assert.equal(own.status, 0, own.all);
      assert.equal(await connects(stack, address, 5432), false);
      assert.equal(await connects(stack, `${orders.slug}-db`, 5432), false);
    });
  });

  void describe('the sign-in', () => {
    it('cannot read the repository’s secrets', async () => {
      const { status, all } = await stack.auth.tryExec('auth-dev', 'cat', '/repo/.env.shared');
      assert.notEqual(status, 0);
      assert.match(all, /Permission denied/);
    });
  });
}

const dial = (host: string, port: number): string[] => [
  'python',
  '-c',
  `import socket; socket.create_connection(('${host}', ${String(port)}), 2).close()`,
];

/** Whether a backend of another app gets through. */
async function connects(stack: Stack, host: string, port: number): Promise<boolean> {
  const { status, all } = await stack.app('client').project.tryExec('backend', ...dial(host, port));
  if (status === 0) return true;
  // Any other failure would be a failure of this test itself.
  assert.match(all, /timed out|refused|No route|Name or service|name resolution|unreachable/);
  return false;
}
