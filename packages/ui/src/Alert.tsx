import type { ReactNode } from 'react';

export interface AlertProps {
  title: string;
  /** What it means, and what to do. */
  children?: ReactNode;
  action?: ReactNode;
}

/** Something went wrong, here and now; a screen reader says it at once. */
export function Alert({ title, children, action }: AlertProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-lg bg-danger-soft px-4 py-3 text-sm">
      <div role="alert" className="min-w-0">
        <p className="font-medium text-danger">{title}</p>
        {children === undefined ? null : <div className="mt-0.5 wrap-anywhere">{children}</div>}
      </div>
      {action}
    </div>
  );
}
