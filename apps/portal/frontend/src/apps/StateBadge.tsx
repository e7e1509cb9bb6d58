import { classNames } from '@scalr/ui';

import type { AppState } from './useApps';

const LOOKS: Record<AppState, { label: string; dot: string; text: string }> = {
  up: { label: 'Up', dot: 'bg-success', text: 'text-muted' },
  starting: { label: 'Starting', dot: 'bg-accent motion-safe:animate-pulse', text: 'text-muted' },
  unhealthy: { label: 'Unhealthy', dot: 'bg-danger', text: 'text-danger' },
  down: { label: 'Down', dot: 'border border-edge', text: 'text-muted' },
  unknown: { label: 'Unknown', dot: 'border border-dashed border-edge', text: 'text-muted' },
};

/** The app's state, in a word: the colour only repeats it. */
export function StateBadge({ state }: { state: AppState }) {
  const { label, dot, text } = LOOKS[state];
  return (
    <span className={classNames('inline-flex items-center gap-1.5 text-xs', text)}>
      <span aria-hidden="true" className={classNames('size-2 rounded-full', dot)} />
      {label}
    </span>
  );
}
