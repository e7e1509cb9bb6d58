/** The program as it is started: its environment, its output and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folder, manifest, put } from './running.ts';

interface Program {
  child: ChildProcess;
  output: () => Record<string, unknown>[];
  ended: Promise<number | null>;
}

function run(env: Record<string, string>): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    child,
    output: () =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

describe('the program', () => {
  it('refuses to start where a public domain is set, and says what to do', async () => {
    const program = run({ SCALR_PUBLIC_DOMAIN: 'example.org' });
    expect(await program.ended).toBe(1);
    const [line] = program.output();
    expect(line).toMatchObject({ level: 'error' });
    expect(line?.['message']).toContain('SCALR_AUTH=authentik');
  });

  it('says that it is for development, keeps its key to itself and stops on SIGTERM', async () => {
    const repository = await folder();
    const dataDir = await folder();
    await put(repository, 'apps/desk', manifest('desk'));
    const program = run({ REPOSITORY_DIR: repository, DATA_DIR: dataDir });
    const started = await vi.waitFor(
      () => {
        const line = program.output().find(({ port }) => port !== undefined);
        if (!line) throw new Error('not yet');
        return line;
      },
      { timeout: 10_000 },
    );
    expect(started['message']).toContain('for development only');
    expect(started['clients']).toEqual(['desk']);
    const response = await fetch(`http://127.0.0.1:${String(started['port'])}/healthz`);
    expect(response.status).toBe(200);
    expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600);

    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(program.output().at(-1)).toMatchObject({ message: 'stopped' });
  });
});
