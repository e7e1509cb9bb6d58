/** The commands of README.md, so that the tests run exactly what a newcomer types. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './settings.ts';

/** The commands under a heading, without comments: all lines of its `sh` blocks, those after `$` of its `console` ones. */
export async function commandsUnder(heading: string): Promise<string[]> {
  const readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^```(?<kind>sh|console)\n(?<lines>.*?)^```$/gms)]
    .flatMap(({ groups: { kind, lines } = {} }) => {
      const all = (lines ?? '').split('\n');
      return kind === 'sh'
        ? all
        : all.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
    })
    .map((line) => line.replace(/\s+#.*$/, ''))
    .filter((line) => line !== '');
}

/** The first of them that begins so. */
export async function commandUnder(heading: string, start: string): Promise<string> {
  const commands = await commandsUnder(heading);
  const found = commands.find((command) => `${command} `.startsWith(`${start} `));
  if (found === undefined) {
    throw new Error(
      `README.md has no command \`${start}\` under "${heading}": ${String(commands)}`,
    );
  }
  return found;
}
