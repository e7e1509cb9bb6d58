/** Child processes, with what they said in the error when they fail. */
import { spawn } from 'node:child_process';

export interface Options {
  cwd?: string;
  env?: Record<string, string>;
}

export interface Ended {
  status: number | null;
  /** Standard output. */
  output: string;
  /** Both streams, as they came. */
  all: string;
}

export async function tryRun(
  command: string,
  args: string[],
  { cwd, env }: Options = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { status, output, all };
}

export async function run(command: string, args: string[], options?: Options): Promise<string> {
  const { status, output, all } = await tryRun(command, args, options);
  if (status !== 0) {
    throw new Error(`${[command, ...args].join(' ')} ended with ${String(status)}:\n${all}`);
  }
  return output.trim();
}
