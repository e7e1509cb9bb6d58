import { expect, test } from 'vitest';

import { currentPath, safeReturnPath } from '../src/returnPath';

const ORIGIN = 'http://orders.localhost';

test.each(['/', '/notes', '/notes?page=2#third', '/a%20b/%2f', '/?next=//evil.example'])(
  'a path of this origin is kept: %s',
  (path) => {
    expect(safeReturnPath(path, ORIGIN)).toBe(path);
  },
);

test.each([
  ['another origin', '//evil.example/notes'],
  ['another origin, as browsers read a backslash', '/\\evil.example'],
  ['another origin behind a tab that browsers drop', '/\t/evil.example'],
  ['another origin behind a dot', '/.//evil.example'],
  ['another origin behind an encoded dot', '/%2e//evil.example'],
  ['another origin behind two encoded dots', '/%2E%2e//evil.example'],
  ['another origin behind a dot and a backslash', '/.\\/evil.example'],
  ['another origin behind a dot and two backslashes', '/.\\\\evil.example'],
  ['another origin behind a folder that is left again', '/notes/..//evil.example'],
  ['another origin behind dots and a tab', '/.\t//evil.example'],
  ['another origin behind dots and a line end', '/.\r\n//evil.example'],
  ['another origin behind three slashes', '///evil.example'],
  ['a host that is empty', '/.//'],
  ['a name in front of another host', '/.//orders.localhost@evil.example/'],
  ['a whole address', 'https://evil.example/'],
  ['a script', 'javascript:alert(1)'],
  ['something relative', 'notes'],
  ['nothing', ''],
  ['no text', { path: '/notes' }],
  ['no value', undefined],
  ['our callback', '/auth/callback?code=1&state=2'],
  ['our silent callback, in a roundabout way', '/x/../auth/silent'],
])('%s becomes the start page', (_, path) => {
  expect(safeReturnPath(path, ORIGIN)).toBe('/');
});

test.each([
  ['a slash of another script', '/\uFF0F/evil.example', '/%EF%BC%8F/evil.example'],
  ['a division slash', '/\u2215evil.example', '/%E2%88%95evil.example'],
  ['an encoded slash', '/%2fevil.example', '/%2fevil.example'],
  ['an encoded backslash', '/%5cevil.example', '/%5cevil.example'],
  ['a name in front of this host', '//somebody:secret@orders.localhost/notes', '/notes'],
])('%s is part of a path of this origin', (_, path, kept) => {
  expect(safeReturnPath(path, ORIGIN)).toBe(kept);
});

test('whatever is put together, the result leads to this origin and stays as it is', () => {
  let tried = 0;
  for (const path of attempts()) {
    const result = safeReturnPath(path, ORIGIN);
    tried += 1;
    if (
      new URL(result, ORIGIN).href !== ORIGIN + result ||
      safeReturnPath(result, ORIGIN) !== result ||
      /^\/auth\/(callback|silent)(\?|#|$)/.test(result)
    ) {
      expect.fail(`${JSON.stringify(path)} gives ${JSON.stringify(result)}`);
    }
  }
  expect(tried).toBeGreaterThan(30_000);
});

/** Every row of up to three parts that parsers of addresses treat in their own way, and many longer ones. */
function* attempts(): Generator<string> {
  const parts = [
    ...[
      '/',
      '//',
      '\\',
      '.',
      '..',
      '%2e',
      '%2E.',
      '\t',
      '\n',
      '\r',
      ' ',
      '\0',
      '@',
      ':',
      '?',
      '#',
      ';',
    ],
    ...[
      '%2f',
      '%5c',
      '\u2044',
      '\u2215',
      '\uFF0F',
      '\uFF0E',
      '\uFF3C',
      '\uD800',
      '[',
      'http:',
      'evil.example',
    ],
    ...['auth/callback', 'auth/silent'],
  ];
  for (const a of parts) {
    for (const b of parts) {
      yield `/${a}${b}`;
      for (const c of parts) {
        yield `/${a}${b}${c}`;
      }
    }
  }
  // A fixed row of pseudo-random numbers, so that a failure comes again (Park and Miller's generator).
  let seed = 20_261_128;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let count = 0; count < 10_000; count += 1) {
    yield `/${Array.from({ length: 4 + next(6) }, () => parts[next(parts.length)]).join('')}`;
  }
}

test('the open page is path, query and fragment', () => {
  history.replaceState(null, '', '/notes?page=2#third');
  expect(currentPath()).toBe('/notes?page=2#third');
});
