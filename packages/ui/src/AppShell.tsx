import type { ReactNode } from 'react';

import { FOCUS_RING, classNames } from './classNames';
import { Menu, type MenuItem } from './Menu';

export interface AppShellProps {
  /** The app's display name. */
  appName: string;
  /** Who is signed in; without one there is no menu. */
  user?: { name: string; email?: string | null };
  onSignOut?: () => void;
  /** Where all the apps are; empty where there is no portal. */
  portalUrl?: string;
  /** `text` limits the width for reading, `wide` is for cards and tables side by side. */
  width?: 'text' | 'wide';
  children: ReactNode;
}

/** The frame of every app's pages: the app's name, the person's menu, and one main region. */
export function AppShell({
  appName,
  user,
  onSignOut,
  portalUrl = '',
  width = 'text',
  children,
}: AppShellProps) {
  const column = classNames('mx-auto w-full px-4', width === 'wide' ? 'max-w-6xl' : 'max-w-3xl');
  const items: MenuItem[] = [];
  if (portalUrl !== '') {
    items.push({ label: 'All apps', href: portalUrl });
  }
  if (onSignOut !== undefined) {
    items.push({ label: 'Sign out', onSelect: onSignOut });
  }
  return (
    <div className="flex min-h-screen flex-col">
      <a
        href="#main"
        className="sr-only z-30 rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:absolute focus:m-2"
      >
        Skip to the content
      </a>
      <header className="border-b border-line bg-surface">
        <div
          className={classNames('flex min-h-14 items-center justify-between gap-4 py-2', column)}
        >
          <a
            href="/"
            className={classNames('min-w-0 rounded-sm font-semibold wrap-anywhere', FOCUS_RING)}
          >
            {appName}
          </a>
          {user === undefined ? null : (
            <Menu
              name={`Account of ${user.name}`}
              label={<Person name={user.name} />}
              header={
                <div className="mb-1 border-b border-line px-3 pt-1.5 pb-2.5 text-sm wrap-anywhere">
                  <p className="font-medium">{user.name}</p>
                  {user.email ? <p className="text-muted">{user.email}</p> : null}
                </div>
              }
              items={items}
            />
          )}
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className={classNames('flex-1 py-10 focus:outline-none', column)}
      >
        {children}
      </main>
    </div>
  );
}

function Person({ name }: { name: string }) {
  return (
    <>
      {/* Drawn rather than written, so that the button is called by the name alone. */}
      <span
        aria-hidden="true"
        data-initials={initials(name)}
        className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-solid text-xs font-semibold text-on-solid before:content-[attr(data-initials)]"
      />
      <span className="sm:pr-2">
        <span className="sr-only max-w-48 truncate sm:not-sr-only sm:block">{name}</span>
      </span>
    </>
  );
}

/** The first letters of the first and the last word; a letter is what a reader takes for one. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const segmenter = new Intl.Segmenter();
  return [words.at(0), words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...segmenter.segment(word ?? '')].at(0)?.segment ?? '')
    .join('')
    .toUpperCase();
}
