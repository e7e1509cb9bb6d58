/** Where the boxes of the dependency graph lie. Pure. */

export const BOX = { width: 168, height: 40 };
const GAP = { x: 72, y: 16 };

export interface GraphNode {
  slug: string;
  name: string;
}

export interface Placed extends GraphNode {
  x: number;
  y: number;
}

export interface Graph {
  width: number;
  height: number;
  nodes: Placed[];
  /** Arrows from an app to what it depends on, as the path of each. */
  edges: string[];
}

/** Dependents on the left, the app in the middle, its dependencies on the right. */
export function layOut(
  app: GraphNode,
  dependents: readonly GraphNode[],
  dependencies: readonly GraphNode[],
): Graph {
  const columns = [dependents, [app], dependencies].filter((column) => column.length > 0);
  const rows = Math.max(...columns.map((column) => column.length));
  const height = rows * (BOX.height + GAP.y) - GAP.y;
  const placed = columns.map((column, index) => place(column, index, height));
  const middle = placed.findIndex((column) => column[0]?.slug === app.slug);
  const center = placed[middle]?.[0];
  const before = placed.slice(0, middle).flat();
  const after = placed.slice(middle + 1).flat();
  return {
    width: columns.length * (BOX.width + GAP.x) - GAP.x,
    height,
    nodes: placed.flat(),
    edges:
      center === undefined
        ? []
        : [...before.map((node) => edge(node, center)), ...after.map((node) => edge(center, node))],
  };
}

function place(column: readonly GraphNode[], index: number, height: number): Placed[] {
  const own = column.length * (BOX.height + GAP.y) - GAP.y;
  return column.map((node, row) => ({
    ...node,
    x: index * (BOX.width + GAP.x),
    y: (height - own) / 2 + row * (BOX.height + GAP.y),
  }));
}

function edge(from: Placed, to: Placed): string {
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 };
  const end = { x: to.x - 6, y: to.y + BOX.height / 2 };
  const half = (start.x + end.x) / 2;
  const [sx, sy, ex, ey, h] = [start.x, start.y, end.x, end.y, half].map(String);
  return `M${sx ?? ''} ${sy ?? ''}C${h ?? ''} ${sy ?? ''} ${h ?? ''} ${ey ?? ''} ${ex ?? ''} ${ey ?? ''}`;
}
