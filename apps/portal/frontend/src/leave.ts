import type { MouseEvent } from 'react';

import { goTo } from './goTo';

/** How long a click may wait for the request that it triggers. */
const PATIENCE_MS = 400;

/**
 * Follows the clicked link once the backend has recorded it, since a page that is being left starts no requests.
 * A click that opens a new tab is not delayed, because the page stays.
 */
export function leaveAfter(event: MouseEvent<HTMLAnchorElement>, told: Promise<void>): void {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (modified || event.button !== 0) {
    return;
  }
  event.preventDefault();
  const url = event.currentTarget.href;
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  void Promise.race([told, patience]).then(() => {
    goTo(url);
  });
}
