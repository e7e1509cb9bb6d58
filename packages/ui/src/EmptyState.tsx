import type { ReactNode } from 'react';

export interface EmptyStateProps {
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
  /** One level below the heading that it stands under: h3 inside of a Card. */
  heading?: 'h2' | 'h3';
}

/** Replaces a list while it is empty. */
export function EmptyState({ title, children, action, heading: Heading = 'h3' }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-5 py-14 text-center">
      <Heading className="text-base font-medium">{title}</Heading>
      {children === undefined ? null : (
        <div className="mt-1 max-w-sm text-sm text-muted">{children}</div>
      )}
      {action === undefined ? null : <div className="mt-5">{action}</div>}
    </div>
  );
}
