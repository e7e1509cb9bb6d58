/** A person at a terminal, who answers what a command asks. */
import { spawn } from 'node:child_process';
import type { Options } from './run.ts';

export interface Said {
  status: number | null;
  screen: string;
}

/** Types the answer when the question is on the screen; `script` (util-linux) makes the terminal. */
export function atTerminal(
  command: string,
  { question, answer }: { question: string; answer: string },
  { cwd, env }: Options = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let screen = '';
    let asked = false;
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      if (asked || !screen.includes(question)) return;
      asked = true;
      child.stdin.write(`${answer}\r`);
    });
    child.on('error', reject).on('close', (status) => {
      resolve({ status, screen });
    });
  });
}
