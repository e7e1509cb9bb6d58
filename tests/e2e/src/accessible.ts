/** axe-core's findings about a page. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Tab } from './browser.ts';

const script = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Contrast, names, roles, order of headings: everything that axe-core can check automatically. */
export async function assertAccessible({ page }: Tab): Promise<void> {
  // During a transition elements don't have their final colours.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
  await page.addScriptTag({ content: await script });
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  assert.ok(results.passes.some(({ id }) => id === 'color-contrast'));
  const found = results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
  assert.deepEqual(found, []);
}
