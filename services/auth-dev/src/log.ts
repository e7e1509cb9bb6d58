/** One JSON object a line on standard output. Tokens, passwords, codes and query strings are never passed in. */

export type Fields = Record<string, string | number | boolean | string[] | undefined>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

export function jsonLog(write: (line: string) => void): Log {
  const at =
    (level: string) =>
    (message: string, fields: Fields = {}): void => {
      write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

export const reason = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
