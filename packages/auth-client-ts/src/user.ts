import type { IdTokenClaims } from 'oidc-client-ts';

/** The signed-in person, as the ID token describes them. For the page's use: an API trusts the access token alone. */
export interface User {
  /** The identifier that never changes. */
  readonly sub: string;
  /** What to call the person: the name, or the nearest thing to one that is known. */
  readonly name: string;
  readonly email: string | null;
  readonly groups: readonly string[];
}

export function userFromClaims(claims: IdTokenClaims): User {
  const email = text(claims.email);
  const groups: unknown = claims['groups'];
  return {
    sub: claims.sub,
    name: text(claims.name) ?? text(claims.preferred_username) ?? email ?? claims.sub,
    email,
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  };
}

/** Whether two describe the same person in the same words, so that a renewal needs no new value. */
export function isSameUser(one: User, other: User): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
