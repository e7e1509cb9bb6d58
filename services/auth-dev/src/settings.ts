/** The settings from the environment, checked once. */

export interface Settings {
  /** Where browsers reach this server: scheme, host and port, without a slash at the end. */
  origin: string;
  /** The repository whose manifests name the clients. */
  repository: string;
  /** Where keys and sessions are kept. */
  dataDir: string;
  port: number;
  /** Lifetimes in seconds. */
  lifetimes: { accessToken: number; refreshToken: number; session: number };
}

export class SettingsError extends Error {}

export function readSettings(env: Record<string, string | undefined>): Settings {
  if (env['SCALR_PUBLIC_DOMAIN']) {
    throw new SettingsError(
      `auth-dev has well-known passwords, so it does not start where SCALR_PUBLIC_DOMAIN is set (${env['SCALR_PUBLIC_DOMAIN']}). ` +
        'Set SCALR_AUTH=authentik in .env.shared and start services/auth instead; on a development machine, leave SCALR_PUBLIC_DOMAIN empty.',
    );
  }
  return {
    origin: origin(env['AUTH_ORIGIN'] || 'http://auth.localhost'),
    repository: env['REPOSITORY_DIR'] || '/repo',
    dataDir: env['DATA_DIR'] || '/data',
    port: wholeNumber(env, 'PORT', 8080, 0),
    lifetimes: {
      accessToken: wholeNumber(env, 'ACCESS_TOKEN_SECONDS', 15 * 60),
      refreshToken: wholeNumber(env, 'REFRESH_TOKEN_SECONDS', 14 * 24 * 3600),
      session: wholeNumber(env, 'SESSION_SECONDS', 14 * 24 * 3600),
    },
  };
}

function origin(value: string): string {
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new SettingsError(
      `AUTH_ORIGIN must be a scheme and a host, such as http://auth.localhost or http://auth.localhost:8088, and is ${value}`,
    );
  }
  return url.origin;
}

function wholeNumber(
  env: Record<string, string | undefined>,
  name: string,
  otherwise: number,
  least = 1,
): number {
  const text = env[name];
  if (!text) return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) {
    throw new SettingsError(
      `${name} must be a whole number from ${String(least)} on, and is ${text}`,
    );
  }
  return number;
}
