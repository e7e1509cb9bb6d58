import {
  useSyncExternalStore,
  type AnchorHTMLAttributes,
  type MouseEvent,
  type ReactNode,
} from 'react';

/** What this page has to show: two kinds of it, which is too little for a library. */
export type Route = { page: 'hub' } | { page: 'app'; slug: string } | { page: 'none' };

export function routeOf(path: string): Route {
  if (path === '/' || path === '/auth/callback') {
    return { page: 'hub' };
  }
  const slug = /^\/apps\/([a-z0-9-]+)\/?$/.exec(path)?.[1];
  return slug === undefined ? { page: 'none' } : { page: 'app', slug };
}

export function pathOf(slug: string): string {
  return `/apps/${slug}`;
}

const CHANGED = 'portal:navigated';

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(CHANGED, changed);
  };
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

export function navigate(path: string): void {
  history.pushState(null, '', path);
  window.dispatchEvent(new Event(CHANGED));
  scrollTo(0, 0);
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  children: ReactNode;
}

/** A link within this page: without loading it anew, unless a new tab or the like is asked for. */
export function Link({ href, onClick, ...rest }: LinkProps) {
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (plain && event.button === 0 && !event.defaultPrevented) {
      event.preventDefault();
      navigate(href);
    }
  };
  return <a {...rest} href={href} onClick={go} />;
}
