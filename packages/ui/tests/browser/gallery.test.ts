/** Tests that need a browser: contrast in light and in dark, sizes, and the order of the focus. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CHROMIUM, startChromium } from './chromium';

describe.skipIf(CHROMIUM === null)('the gallery', () => {
  let browser: Browser;
  let server: Server;
  let address: string;
  let axe: string;

  beforeAll(async () => {
    const files = await buildGallery();
    server = createServer((request, response) => {
      const name = new URL(request.url ?? '/', 'http://gallery').pathname.slice(1) || 'index.html';
      const types: Record<string, string> = {
        html: 'text/html',
        css: 'text/css',
        js: 'text/javascript',
      };
      response.setHeader('content-type', types[name.split('.').at(-1) ?? ''] ?? 'text/plain');
      response.end(files.get(name));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  async function open(colorScheme: 'light' | 'dark', hash = '', width = 1024): Promise<Page> {
    const page = await browser.newPage({
      colorScheme,
      reducedMotion: 'reduce',
      viewport: { width, height: 800 },
    });
    page.setDefaultTimeout(10_000);
    await page.goto(address + hash);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }

  /** What axe-core finds, as `rule: element`. */
  async function findings(page: Page): Promise<string[]> {
    // What appears does so within half a second; until then its colours are not its own.
    await page.waitForFunction(() =>
      document.getAnimations().every((it) => it.playState !== 'running'),
    );
    await page.addScriptTag({ content: axe });
    const results = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
    );
    expect(results.passes.map((pass) => pass.id)).toContain('color-contrast');
    return results.violations.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary ?? ''}`),
    );
  }

  test.each(['light', 'dark'] as const)('axe finds nothing to say in %s', async (scheme) => {
    const page = await open(scheme);
    await page.getByRole('button', { name: 'Show toasts' }).click();
    await page.getByText('The note was not added').waitFor();
    await page.getByRole('button', { name: /Ada/ }).click();
    expect(await findings(page)).toEqual([]);

    const message = await open(scheme, '#message');
    expect(await findings(message)).toEqual([]);
  });

  test('the ground follows the setting of the person', async () => {
    const ground = async (scheme: 'light' | 'dark') =>
      (await open(scheme)).evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await ground('light')).toBe('rgb(246, 246, 244)');
    expect(await ground('dark')).toBe('rgb(18, 19, 22)');
  });

  test('the border of a field stands out from both of its sides', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await open(scheme);
      const [border, inside] = await page.getByLabel('Name').evaluate((input) => {
        const style = getComputedStyle(input);
        return [style.borderTopColor, style.backgroundColor];
      });
      expect(contrast(border, inside)).toBeGreaterThanOrEqual(3);
    }
  });

  test('on a narrow screen nothing is cut off or scrolls sideways', async () => {
    const page = await open('light', '', 320);
    const { scroll, width } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      width: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(width);
  });

  test('the keyboard goes through the page in reading order, and is seen where it is', async () => {
    const page = await open('light');
    const order: string[] = [];
    for (let step = 0; step < 5; step += 1) {
      await page.keyboard.press('Tab');
      order.push(
        await page.evaluate(() => {
          const element = document.activeElement;
          const style = element === null ? null : getComputedStyle(element);
          const seen = style?.outlineStyle !== 'none' && style?.outlineWidth !== '0px';
          return `${element?.textContent ?? ''}${seen ? '' : ' (unseen)'}`;
        }),
      );
    }
    expect(order).toEqual(['Skip to the content', 'Gallery', 'Ada Lovelace', 'Quiet', 'Primary']);
  });
});

async function buildGallery(): Promise<Map<string, string>> {
  const result = await build({
    root: fileURLToPath(new URL('gallery', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    plugins: [react(), tailwindcss()],
    build: { write: false },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!('output' in output)) {
    throw new Error('Vite built nothing');
  }
  return new Map(
    output.output.map((file) => [
      file.fileName,
      file.type === 'chunk' ? file.code : String(file.source),
    ]),
  );
}

/** The contrast ratio of WCAG 2.2 between two colours as browsers print them: `rgb(1, 2, 3)`. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
