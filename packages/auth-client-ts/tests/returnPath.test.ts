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

test('the open page is path, query and fragment', () => {
  history.replaceState(null, '', '/notes?page=2#third');
  expect(currentPath()).toBe('/notes?page=2#third');
});
