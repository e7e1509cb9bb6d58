import { FOCUS_RING, classNames } from '@scalr/ui';

import { StateBadge } from '../apps/StateBadge';
import { Link, navigate, pathOf } from '../router';
import { BOX, layOut } from './graph';
import type { AppDetails, AppReference } from './useApp';

/** The app's dependencies: as a drawing, and as two lists for screen readers. */
export function DependencyGraph({ app }: { app: AppDetails }) {
  const { depends_on: dependencies, depended_on_by: dependents } = app;
  if (dependencies.length === 0 && dependents.length === 0) {
    return <p className="p-5 text-sm text-muted">It depends on no other app, and none on it.</p>;
  }
  const graph = layOut(app, dependents, dependencies);
  return (
    <div className="p-5">
      {/* The lists below say the same, and the keyboard has its links there. */}
      <div aria-hidden="true" className="overflow-x-auto pb-4">
        <svg
          data-testid="graph"
          width={graph.width + 2}
          height={graph.height + 2}
          viewBox={`-1 -1 ${String(graph.width + 2)} ${String(graph.height + 2)}`}
          className="mx-auto block"
        >
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="6"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              orient="auto"
            >
              <path d="M0 0l8 4-8 4z" className="fill-edge" />
            </marker>
          </defs>
          {graph.edges.map((path) => (
            <path
              key={path}
              d={path}
              fill="none"
              strokeWidth="1.5"
              className="stroke-edge"
              markerEnd="url(#arrow)"
            />
          ))}
          {graph.nodes.map((node) => (
            <g
              key={node.slug}
              transform={`translate(${String(node.x)} ${String(node.y)})`}
              className={node.slug === app.slug ? '' : 'cursor-pointer'}
              onClick={() => {
                if (node.slug !== app.slug) {
                  navigate(pathOf(node.slug));
                }
              }}
            >
              <rect
                width={BOX.width}
                height={BOX.height}
                rx="8"
                strokeWidth="1.5"
                className={
                  node.slug === app.slug ? 'fill-sunken stroke-accent' : 'fill-surface stroke-edge'
                }
              />
              <text
                x={BOX.width / 2}
                y={BOX.height / 2}
                textAnchor="middle"
                dominantBaseline="central"
                className="fill-ink text-[13px]"
              >
                {shorten(node.name)}
              </text>
            </g>
          ))}
        </svg>
      </div>
      <div className="grid gap-5 sm:grid-cols-2">
        <References title="Depends on" none="No other app." apps={dependencies} />
        <References title="Depended on by" none="No other app." apps={dependents} />
      </div>
    </div>
  );
}

export function References({
  title,
  none,
  apps,
}: {
  title: string;
  none: string;
  apps: readonly AppReference[];
}) {
  return (
    <div>
      <h3 className="text-sm font-medium">{title}</h3>
      {apps.length === 0 ? (
        <p className="mt-1 text-sm text-muted">{none}</p>
      ) : (
        <ul className="mt-1 space-y-1 text-sm">
          {apps.map((app) => (
            <li key={app.slug} className="flex flex-wrap items-center gap-x-3">
              <Link
                href={pathOf(app.slug)}
                className={classNames(
                  'rounded-sm text-accent hover:underline wrap-anywhere',
                  FOCUS_RING,
                )}
              >
                {app.name}
              </Link>
              <StateBadge state={app.state} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const LONGEST = 20;

function shorten(name: string): string {
  const letters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  return letters.length <= LONGEST ? name : `${letters.slice(0, LONGEST - 1).join('')}…`;
}
