import type { ReactNode } from 'react';

export interface AppShellProps {
  /** The app's display name, shown in the header as the page's main heading. */
  title: string;
  /** What stands at the right end of the header: navigation, the user's menu. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame every app's pages stand in: a header with the app's name, and one main region. */
export function AppShell({ title, actions, children }: AppShellProps) {
  return (
    <div className="flex min-h-screen flex-col bg-slate-50 text-slate-900">
      <header className="border-b border-slate-200 bg-white">
        <div className="mx-auto flex w-full max-w-5xl items-center justify-between gap-4 px-4 py-3">
          <h1 className="min-w-0 text-lg font-semibold break-words">{title}</h1>
          {actions === undefined ? null : <div className="flex items-center gap-2">{actions}</div>}
        </div>
      </header>
      <main className="mx-auto w-full max-w-5xl flex-1 px-4 py-8">{children}</main>
    </div>
  );
}
