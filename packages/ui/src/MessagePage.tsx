import type { ReactNode } from 'react';

export interface MessagePageProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** A whole page with one message: signed out, refused, broken. */
export function MessagePage({ title, children, actions }: MessagePageProps) {
  return (
    <main className="flex min-h-screen flex-col items-center px-4 pt-[18vh] pb-10">
      <div className="w-full max-w-md rounded-xl border border-line bg-surface p-8">
        <h1 className="text-xl font-semibold text-balance wrap-anywhere">{title}</h1>
        {children === undefined ? null : (
          <div className="mt-3 space-y-3 text-sm leading-6 text-muted wrap-anywhere">
            {children}
          </div>
        )}
        {actions === undefined ? null : <div className="mt-6 flex flex-wrap gap-3">{actions}</div>}
      </div>
    </main>
  );
}

/** A whole page that waits. It shows nothing for a moment, so that a short wait doesn't flash. */
export function WaitingPage({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-screen flex-col items-center px-4 pt-[30vh]">
      <p role="status" className="animate-appear text-sm text-muted">
        {children}
      </p>
    </main>
  );
}
