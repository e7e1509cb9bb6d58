import type { ReactNode } from 'react';

export interface EmptyStateProps {
  title: string;
  /** What to do about it. */
  children?: ReactNode;
  action?: ReactNode;
}

/** Stands where a list would, while there is nothing in it. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center px-5 py-14 text-center">
      <h3 className="text-base font-medium">{title}</h3>
      {children === undefined ? null : (
        <div className="mt-1 max-w-sm text-sm text-muted">{children}</div>
      )}
      {action === undefined ? null : <div className="mt-5">{action}</div>}
    </div>
  );
}
