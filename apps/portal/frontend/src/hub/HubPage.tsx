import { useAuth, useUser } from '@scalr/auth-client';
import { Alert, AppShell, Button, EmptyState, FOCUS_RING, classNames, useToast } from '@scalr/ui';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { problemFromError } from '../api/problem';
import { AppIcon } from '../apps/AppIcon';
import { useApps, type AppList, type AppSummary } from '../apps/useApps';
import { useConfig } from '../config';
import { leaveAfter } from '../leave';
import { Refusal } from '../screens/Refusal';
import { AppCard } from './AppCard';
import { CardsToCome } from './CardsToCome';
import { SearchField } from './SearchField';
import { CARD_LINK, directionOf, nextIndex } from './cardKeys';
import { recent, search } from './search';

/** All apps that the person may use: found by a few letters, opened by Enter. */
export function HubPage() {
  const { app_name: appName, docs_url: docsUrl } = useConfig();
  const user = useUser();
  const { signOut } = useAuth();
  const toast = useToast();
  const { list, problem, reload, setFavourite, noteOpening } = useApps();
  const [query, setQuery] = useState('');
  const searchField = useRef<HTMLInputElement>(null);
  const cards = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const focusSearch = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        searchField.current?.focus();
        searchField.current?.select();
      }
    };
    document.addEventListener('keydown', focusSearch);
    return () => {
      document.removeEventListener('keydown', focusSearch);
    };
  }, []);

  if (problem?.status === 403) {
    return <Refusal reason={problem.message} retry={reload} />;
  }

  const links = () => [...(cards.current?.querySelectorAll<HTMLElement>(CARD_LINK) ?? [])];

  const move = (event: KeyboardEvent) => {
    const direction = directionOf(event.key);
    const all = links();
    const from = all.indexOf(event.target as HTMLElement);
    if (direction === null || from < 0) {
      return;
    }
    event.preventDefault();
    const to = nextIndex(
      all.map((link) => (link.closest('li') ?? link).getBoundingClientRect()),
      from,
      direction,
    );
    if (to === from && direction === 'up') {
      searchField.current?.focus();
    } else {
      all[to]?.focus();
    }
  };

  const favourite = (app: AppSummary, wanted: boolean) => {
    setFavourite(app, wanted).catch((error: unknown) => {
      toast(`The favourite was not kept: ${problemFromError(error).message}`, { kind: 'failure' });
    });
  };

  return (
    <AppShell appName={appName} width="wide" user={user} onSignOut={() => void signOut()}>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div>
          <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">
            Hello, {user.name}
          </h1>
          <p className="mt-1 text-muted">
            {list?.admin === true
              ? 'You are an admin: here is every app, and why you see it.'
              : 'The apps that you may use.'}
            {docsUrl === '' ? null : (
              <>
                {' '}
                <a
                  href={docsUrl}
                  className={classNames(
                    'rounded-sm text-accent underline underline-offset-2',
                    FOCUS_RING,
                  )}
                >
                  Documentation
                </a>
              </>
            )}
          </p>
        </div>
        <SearchField
          ref={searchField}
          value={query}
          onChange={setQuery}
          onDown={() => links()[0]?.focus()}
          onEnter={() => links()[0]?.click()}
        />
      </div>
      <div ref={cards} onKeyDown={move}>
        {content()}
      </div>
    </AppShell>
  );

  function content() {
    if (list === null) {
      return problem === null ? (
        <CardsToCome />
      ) : (
        <div className="mt-8">{failure(problem.message)}</div>
      );
    }
    return (
      <>
        {problem === null ? null : <div className="mt-8">{failure(problem.message)}</div>}
        <Notices list={list} />
        {apps(list)}
      </>
    );
  }

  function failure(message: string) {
    return (
      <Alert
        title={list === null ? 'Your apps could not be loaded' : 'This may be out of date'}
        action={
          <Button variant="secondary" onClick={reload}>
            Try again
          </Button>
        }
      >
        {message}
      </Alert>
    );
  }

  function apps({ items, admin }: AppList) {
    const grid = (title: string, shown: readonly AppSummary[]) =>
      shown.length === 0 ? null : (
        <section aria-label={title} className="mt-8">
          <h2 className="text-sm font-medium text-muted">{title}</h2>
          <ul className="mt-3 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
            {shown.map((app) => (
              <AppCard
                key={app.slug}
                app={app}
                admin={admin}
                onOpen={noteOpening}
                onFavourite={favourite}
              />
            ))}
          </ul>
        </section>
      );

    if (items.length === 0) {
      return <NoApps />;
    }
    if (query.trim() !== '') {
      const found = search(items, query);
      return (
        <>
          <p role="status" className="sr-only">
            {found.length === 1 ? '1 app found' : `${String(found.length)} apps found`}
          </p>
          {found.length === 0 ? (
            <EmptyState
              heading="h2"
              title={`No app matches “${query.trim()}”`}
              action={
                <Button
                  variant="secondary"
                  onClick={() => {
                    setQuery('');
                    searchField.current?.focus();
                  }}
                >
                  Show all
                </Button>
              }
            >
              Names, descriptions, tags and owners were searched.
            </EmptyState>
          ) : (
            grid('Found', found)
          )}
        </>
      );
    }
    const favourites = items.filter((app) => app.favourite);
    const others = items.filter((app) => !app.favourite);
    return (
      <>
        <Recent apps={recent(items)} onOpen={noteOpening} />
        {grid('Favourites', favourites)}
        {grid(favourites.length === 0 ? 'All apps' : 'More apps', others)}
        <p className="mt-10 hidden text-xs text-muted sm:block">
          <kbd className="font-sans font-medium">/</kbd> searches, arrow keys move,{' '}
          <kbd className="font-sans font-medium">Enter</kbd> opens.
        </p>
      </>
    );
  }
}

function Recent({
  apps,
  onOpen,
}: {
  apps: readonly AppSummary[];
  onOpen: (app: AppSummary) => Promise<void>;
}) {
  if (apps.length === 0) {
    return null;
  }
  return (
    <nav aria-label="Recently used" className="mt-8">
      <h2 className="text-sm font-medium text-muted">Recently used</h2>
      <ul className="mt-3 flex flex-wrap gap-2">
        {apps.map((app) => (
          <li key={app.slug} className="max-w-full">
            <a
              href={app.url ?? '#'}
              className={classNames(
                'flex items-center gap-2 rounded-full border border-line bg-surface py-1 pr-3 pl-1 text-sm hover:border-edge',
                FOCUS_RING,
              )}
              onClick={(event) => {
                leaveAfter(event, onOpen(app));
              }}
            >
              <AppIcon icon={app.icon} name={app.name} size="small" />
              <span className="min-w-0 truncate">{app.name}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Notes for admins, and for all users if the states are unknown. */
function Notices({ list }: { list: AppList }) {
  return (
    <>
      {list.engine === 'unreachable' ? (
        <p role="status" className="mt-8 rounded-lg bg-sunken px-4 py-3 text-sm text-muted">
          Whether the apps are up can’t be told at the moment. They may work all the same.
        </p>
      ) : null}
      {list.broken_manifests.length === 0 ? null : (
        <div className="mt-8">
          <Alert title="Some manifests can’t be read">
            <ul className="space-y-1">
              {list.broken_manifests.map(({ path, reason }) => (
                <li key={path}>
                  <code>{path}</code>: {reason}
                </li>
              ))}
            </ul>
          </Alert>
        </div>
      )}
    </>
  );
}

function NoApps() {
  const user = useUser();
  const { refresh, signOut } = useAuth();
  const [checking, setChecking] = useState(false);
  return (
    <div className="mt-8 rounded-xl border border-line bg-surface">
      <EmptyState
        heading="h2"
        title="No app is open to you yet"
        action={
          <div className="flex flex-wrap justify-center gap-3">
            <Button
              busy={checking}
              onClick={() => {
                setChecking(true);
                // The token holds the groups; a new token makes the page load everything again.
                refresh()
                  .catch(() => undefined)
                  .finally(() => {
                    location.reload();
                  });
              }}
            >
              Check again
            </Button>
            <Button variant="secondary" onClick={() => void signOut()}>
              Sign out
            </Button>
          </div>
        }
      >
        <p>
          You are signed in as {user.name}
          {user.email === null ? '' : ` (${user.email})`}, and this account is in no app’s group.
        </p>
        <p className="mt-2">
          Ask the administrator of your company’s apps for access. With another account you may see
          others.
        </p>
      </EmptyState>
    </div>
  );
}
