import { useAuth, useUser } from '@scalr/auth-client';
import { Alert, AppShell, Button, Card, FOCUS_RING, Skeleton, classNames } from '@scalr/ui';
import type { ReactNode } from 'react';

import { AppIcon } from '../apps/AppIcon';
import { StateBadge } from '../apps/StateBadge';
import { KINDS } from '../apps/words';
import { useConfig } from '../config';
import { leaveAfter } from '../leave';
import { Link } from '../router';
import { DependencyGraph } from './DependencyGraph';
import { Events } from './Events';
import { Fact } from './Fact';
import { Internals } from './Internals';
import { useApp, type AppDetails } from './useApp';

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** Everything about one app. */
export function AppPage({ slug }: { slug: string }) {
  const { app_name: appName } = useConfig();
  const user = useUser();
  const { signOut } = useAuth();
  const { app, problem, reload, noteOpening } = useApp(slug);
  return (
    <AppShell appName={appName} width="wide" user={user} onSignOut={() => void signOut()}>
      <p className="mb-6 text-sm">
        <Link href="/" className={classNames('rounded-sm text-accent hover:underline', FOCUS_RING)}>
          <span aria-hidden="true">← </span>All apps
        </Link>
      </p>
      {content()}
    </AppShell>
  );

  function content() {
    if (problem?.status === 404) {
      return (
        <Card>
          <div className="p-5">
            <h1 className="text-xl font-semibold">There is no such app</h1>
            <p className="mt-2 text-sm text-muted">
              None is called <code>{slug}</code>, or it is not open to you.
            </p>
          </div>
        </Card>
      );
    }
    if (app === null && problem === null) {
      return (
        <Card>
          <Skeleton label="Loading the app" rows={6} />
        </Card>
      );
    }
    return (
      <>
        {problem === null ? null : (
          <div className="mb-6">
            <Alert
              title={app === null ? 'The app could not be loaded' : 'This may be out of date'}
              action={
                <Button variant="secondary" onClick={reload}>
                  Try again
                </Button>
              }
            >
              {problem.message}
            </Alert>
          </div>
        )}
        {app === null ? null : <Details app={app} noteOpening={noteOpening} />}
      </>
    );
  }
}

function Details({ app, noteOpening }: { app: AppDetails; noteOpening: () => Promise<void> }) {
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-start gap-4">
        <AppIcon icon={app.icon} name={app.name} />
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">
            {app.name}
          </h1>
          <p className="mt-1 text-muted wrap-anywhere">{app.description}</p>
          <p className="mt-2">
            <StateBadge state={app.state} />
          </p>
        </div>
        {app.url === null ? null : (
          <a
            href={app.url}
            onClick={(event) => {
              leaveAfter(event, noteOpening());
            }}
            className={classNames(
              'inline-flex min-h-9 items-center rounded-md bg-accent-solid px-4 py-1.5 text-sm font-medium text-on-solid hover:bg-accent-solid-hover',
              FOCUS_RING,
            )}
          >
            Open
          </a>
        )}
      </div>

      <Card title="About">
        <dl className="grid gap-x-8 gap-y-4 p-5 text-sm sm:grid-cols-2">
          <Fact term="Owner">{app.owner ?? 'Not named'}</Fact>
          <Fact term="Kind">{KINDS[app.kind]}</Fact>
          <Fact term="Address">
            {app.url === null ? 'It has no page' : <Outside href={app.url}>{app.url}</Outside>}
          </Fact>
          <Fact term="Since">
            <time dateTime={app.created}>{DAY.format(new Date(`${app.created}T00:00:00`))}</time>
          </Fact>
          {app.tags.length === 0 ? null : <Fact term="Tags">{app.tags.join(', ')}</Fact>}
          {app.links.length === 0 ? null : (
            <Fact term="Links and documents">
              <ul className="space-y-1">
                {app.links.map((link) => (
                  <li key={link.title + link.url}>
                    <Outside href={link.url}>{link.title}</Outside>
                  </li>
                ))}
              </ul>
            </Fact>
          )}
        </dl>
      </Card>

      <Card title="Dependencies">
        <DependencyGraph app={app} />
      </Card>
      <Card title="Events">
        <Events app={app} />
      </Card>
      {app.internals === null ? null : <Internals app={app} internals={app.internals} />}
    </div>
  );
}

function Outside({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      className={classNames('rounded-sm text-accent hover:underline wrap-anywhere', FOCUS_RING)}
    >
      {children}
    </a>
  );
}
