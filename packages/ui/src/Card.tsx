import { useId, type ReactNode } from 'react';

import { classNames } from './classNames';

export interface CardProps {
  /** A heading of the second level, which also names the section. */
  title?: string;
  /** What stands at the heading's end. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A section of a page, set off from the background. */
export function Card({ title, actions, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={classNames('rounded-xl border border-line bg-surface', className)}
    >
      {title === undefined && actions === undefined ? null : (
        <div className="flex min-h-14 flex-wrap items-center justify-between gap-3 border-b border-line px-5 py-3">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}
