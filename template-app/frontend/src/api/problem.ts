import { AuthError } from '@scalr/auth-client';

import type { components } from './schema';

/** The API's answer to a refused request (RFC 9457). */
type ProblemDetails = components['schemas']['Problem'];

/** A failed call. `message` is a sentence for the user. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    message: string,
    /** The answer's status; null when there was no answer. */
    readonly status: number | null,
    /** What is wrong with the parts of what was sent. */
    readonly parts: ProblemDetails['errors'] = null,
  ) {
    super(message);
  }
}

/** From the body of an answer: problem details from our backend, or any text from a proxy. */
export function problemFromAnswer(response: Response, body: unknown): Problem {
  const details = isProblemDetails(body) ? body : null;
  const detail = details?.detail ?? `The answer was ${String(response.status)}.`;
  return new Problem(asSentence(detail), response.status, details?.errors ?? null);
}

/** From what a call was rejected with. */
export function problemFromError(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof AuthError) {
    return new Problem(error.message, error.kind === 'session-ended' ? 401 : null);
  }
  return new Problem('The service does not answer. Are you online?', null);
}

function isProblemDetails(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
