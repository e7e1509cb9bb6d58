import { CALLBACK_PATH, SILENT_PATH } from './config';

/** The page that is open now, to come back to after signing in. */
export function currentPath(location: Location = window.location): string {
  return safeReturnPath(location.pathname + location.search + location.hash, location.origin);
}

/**
 * A path of this origin, or `/`.
 *
 * What comes back from storage is data: an address of another origin (`//evil.example`, `https:…`) would make
 * sign-in an open redirect, and one of our own callbacks would make it redirect endlessly.
 */
export function safeReturnPath(path: unknown, origin: string = window.location.origin): string {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, origin)) {
    return '/';
  }
  const url = new URL(path, origin);
  if (url.origin !== origin || url.pathname === CALLBACK_PATH || url.pathname === SILENT_PATH) {
    return '/';
  }
  const kept = url.pathname + url.search + url.hash;
  // Without its dots, `/.//evil.example` reads `//evil.example`, which is another origin.
  return leadsTo(kept, origin) === origin + kept ? kept : '/';
}

function leadsTo(path: string, origin: string): string | undefined {
  return URL.canParse(path, origin) ? new URL(path, origin).href : undefined;
}
