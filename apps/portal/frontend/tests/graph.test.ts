import { expect, test } from 'vitest';

import { nextIndex } from '../src/hub/cardKeys';
import { BOX, layOut } from '../src/details/graph';
import { routeOf } from '../src/router';

const node = (slug: string) => ({ slug, name: slug });

test('each column stands in the middle of the height, and nothing overlaps', () => {
  const graph = layOut(node('app'), [node('a'), node('b'), node('c')], [node('x'), node('y')]);
  expect(graph.nodes.map(({ slug }) => slug)).toEqual(['a', 'b', 'c', 'app', 'x', 'y']);
  for (const column of [0, 1, 2].map((index) => graph.nodes.filter(({ x }) => x === index * 240))) {
    const ys = column.map(({ y }) => y);
    expect((Math.min(...ys) + Math.max(...ys) + BOX.height) / 2).toBe(graph.height / 2);
    expect(ys.every((y, index) => index === 0 || y - (ys[index - 1] ?? 0) >= BOX.height)).toBe(
      true,
    );
  }
  expect(graph.edges).toHaveLength(5);
});

test('a side without apps takes no room', () => {
  const alone = layOut(node('app'), [], [node('x')]);
  expect(alone.nodes.map(({ x }) => x)).toEqual([0, 240]);
  expect(alone.width).toBe(240 + BOX.width);
  expect(alone.edges).toEqual(['M168 20C201 20 201 20 234 20']);
});

test('down goes to the nearest in the next row, also where that is of another grid', () => {
  const boxes = [
    { left: 0, top: 0 },
    { left: 300, top: 0 },
    { left: 600, top: 0 },
    { left: 0, top: 260 },
    { left: 300, top: 260 },
  ];
  expect(nextIndex(boxes, 2, 'down')).toBe(4);
  expect(nextIndex(boxes, 4, 'down')).toBe(4);
  expect(nextIndex(boxes, 3, 'up')).toBe(0);
  expect(nextIndex(boxes, 2, 'right')).toBe(3);
  expect(nextIndex(boxes, 0, 'left')).toBe(0);
  expect(nextIndex([], 0, 'down')).toBe(0);
});

test.each([
  ['/', { page: 'hub' }],
  ['/auth/callback', { page: 'hub' }],
  ['/apps/order-desk', { page: 'app', slug: 'order-desk' }],
  ['/apps/order-desk/', { page: 'app', slug: 'order-desk' }],
  ['/apps/', { page: 'none' }],
  ['/apps/a/b', { page: 'none' }],
  ['/apps/%2e%2e', { page: 'none' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});
