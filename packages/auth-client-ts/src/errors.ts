import { ErrorResponse } from 'oidc-client-ts';

export type AuthErrorKind =
  /** The sign-in service did not answer, or its answer is invalid. Trying again may help. */
  | 'unreachable'
  /** The sign-in service answered, and said no. */
  | 'refused'
  /** The session is over; only a new sign-in helps, and one has been started where that is allowed. */
  | 'session-ended'
  /** The browser gives this page no cryptography, since its address is neither https nor localhost. */
  | 'insecure-page'
  /** The browser lets this page store nothing. */
  | 'storage-blocked'
  /** Sign-in came back again and again without a result. */
  | 'endless';

/** What went wrong with sign-in. The message is a sentence that can be shown to a person. */
export class AuthError extends Error {
  override readonly name = 'AuthError';

  constructor(
    readonly kind: AuthErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function toAuthError(error: unknown): AuthError {
  if (error instanceof AuthError) {
    return error;
  }
  if (isRefusal(error)) {
    const reason = error.error_description ?? error.error ?? 'without a reason';
    return new AuthError('refused', `The sign-in service refused: ${reason}`, { cause: error });
  }
  if (error instanceof DOMException && error.name === 'SecurityError') {
    return new AuthError(
      'storage-blocked',
      'Your browser blocks the storage of this site, which sign-in needs. Allow cookies and site data for it.',
      { cause: error },
    );
  }
  return new AuthError('unreachable', 'The sign-in service cannot be reached right now.', {
    cause: error,
  });
}

/** Whether the service decided against it, as opposed to being unable to decide (RFC 6749, 4.1.2.1 and 5.2). */
export function isRefusal(error: unknown): error is ErrorResponse {
  return (
    error instanceof ErrorResponse &&
    error.error !== 'server_error' &&
    error.error !== 'temporarily_unavailable'
  );
}

export function insecurePage(): AuthError {
  return new AuthError(
    'insecure-page',
    'Sign-in needs https, or an address on localhost: the browser offers this page no cryptography. ' +
      'Open the app at its https address, or at one that ends with .localhost.',
  );
}

export function endless(): AuthError {
  return new AuthError(
    'endless',
    'Sign-in returned here several times without a result. Your browser may be blocking this site’s storage.',
  );
}

export function sessionEnded(): AuthError {
  return new AuthError('session-ended', 'Your session has ended. Sign in again.');
}
