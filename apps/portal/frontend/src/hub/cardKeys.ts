/** Arrow keys between the cards, as they lie on the screen. */

export const CARD_LINK = '[data-card-link]';

type Direction = 'left' | 'right' | 'up' | 'down';

const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function directionOf(key: string): Direction | null {
  return DIRECTIONS[key] ?? null;
}

export interface Box {
  left: number;
  top: number;
}

/**
 * The index of the box that an arrow leads to from another one; the same where there is none. Left and right go
 * through all of them in order, up and down to the nearest one of the next row, even in another grid.
 */
export function nextIndex(boxes: readonly Box[], from: number, direction: Direction): number {
  const here = boxes[from];
  if (here === undefined) {
    return 0;
  }
  if (direction === 'left' || direction === 'right') {
    const to = from + (direction === 'right' ? 1 : -1);
    return to in boxes ? to : from;
  }
  const beyond = boxes
    .map((box, index) => ({ box, index, rows: Math.round(box.top - here.top) }))
    .filter(({ rows }) => (direction === 'down' ? rows > 1 : rows < -1));
  beyond.sort(
    (a, b) =>
      Math.abs(a.rows) - Math.abs(b.rows) ||
      Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left),
  );
  return beyond[0]?.index ?? from;
}
