import type { MouseEvent } from 'react';

import { goTo } from './goTo';

/** How long a click may wait for what is to be told first. */
const PATIENCE_MS = 400;

/**
 * Follows the link that was clicked once the backend knows of it: a page that is being left starts no request any more.
 * A click that opens a new tab leaves nothing, and goes its own way.
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
