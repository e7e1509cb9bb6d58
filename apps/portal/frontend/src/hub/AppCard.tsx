import { FOCUS_RING, classNames } from '@scalr/ui';

import { AppIcon } from '../apps/AppIcon';
import { StateBadge } from '../apps/StateBadge';
import type { AppSummary } from '../apps/useApps';
import { KINDS, accessInWords } from '../apps/words';
import { leaveAfter } from '../leave';
import { Link, pathOf } from '../router';

export interface AppCardProps {
  app: AppSummary;
  /** Whether it says why the person sees it. */
  admin: boolean;
  /** Done once it is remembered that the person opened it. */
  onOpen: (app: AppSummary) => Promise<void>;
  onFavourite: (app: AppSummary, favourite: boolean) => void;
}

/** One app: the whole card opens it, except the star and the link to its details. */
export function AppCard({ app, admin, onOpen, onFavourite }: AppCardProps) {
  const description = `card-${app.slug}`;
  const name = (
    // Its area is the whole card; the other controls are above it.
    <span className="before:absolute before:inset-0 before:rounded-xl">{app.name}</span>
  );
  const link = classNames('rounded-sm font-semibold wrap-anywhere', FOCUS_RING);
  return (
    <li className="relative flex flex-col gap-3 rounded-xl border border-line bg-surface p-4 transition-colors focus-within:border-accent hover:border-edge">
      <div className="flex items-start gap-3">
        <AppIcon icon={app.icon} name={app.name} />
        <div className="min-w-0 flex-1 pt-0.5">
          <h3 className="pr-9 leading-5">
            {app.url === null ? (
              <Link
                href={pathOf(app.slug)}
                aria-describedby={description}
                data-card-link=""
                className={link}
              >
                {name}
              </Link>
            ) : (
              <a
                href={app.url}
                aria-describedby={description}
                data-card-link=""
                className={link}
                onClick={(event) => {
                  leaveAfter(event, onOpen(app));
                }}
              >
                {name}
              </a>
            )}
          </h3>
          <p className="mt-1">
            <StateBadge state={app.state} />
          </p>
        </div>
        <Star app={app} onFavourite={onFavourite} />
      </div>
      <p id={description} className="line-clamp-3 text-sm text-muted wrap-anywhere">
        {app.description}
      </p>
      <div className="mt-auto flex items-end justify-between gap-3 text-xs text-muted">
        <span className="min-w-0">
          {KINDS[app.kind]}
          {admin ? (
            <span className="block wrap-anywhere">
              {app.hidden ? 'Only admins see it here' : accessInWords(app.access)}
            </span>
          ) : null}
        </span>
        <Link
          href={pathOf(app.slug)}
          aria-label={`Details of ${app.name}`}
          className={classNames(
            'relative z-10 -m-1 shrink-0 rounded-md p-1 hover:text-ink hover:underline',
            FOCUS_RING,
          )}
        >
          Details
        </Link>
      </div>
    </li>
  );
}

function Star({ app, onFavourite }: Pick<AppCardProps, 'app' | 'onFavourite'>) {
  return (
    <button
      type="button"
      aria-pressed={app.favourite}
      aria-label={`Favourite: ${app.name}`}
      className={classNames(
        'absolute top-3 right-3 z-10 rounded-md p-1.5 hover:bg-sunken',
        app.favourite ? 'text-accent' : 'text-muted hover:text-ink',
        FOCUS_RING,
      )}
      onClick={() => {
        onFavourite(app, !app.favourite);
      }}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 24 24"
        className="size-5"
        fill={app.favourite ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinejoin="round"
      >
        <path d="m12 4 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z" />
      </svg>
    </button>
  );
}
