import { describe, expect, it } from 'vitest';
import { jsonLog } from '../src/log.ts';
import { readSettings } from '../src/settings.ts';
import { start } from '../src/start.ts';
import { folder } from './running.ts';

describe('the settings', () => {
  it('have a value where the environment is empty', () => {
    expect(readSettings({ AUTH_ORIGIN: '', SCALR_PUBLIC_DOMAIN: '' })).toEqual({
      origin: 'http://auth.localhost',
      repository: '/repo',
      dataDir: '/data',
      port: 8080,
      lifetimes: { accessToken: 900, refreshToken: 1209600, session: 1209600 },
    });
  });

  it.each([
    [{ AUTH_ORIGIN: 'auth.localhost' }, 'AUTH_ORIGIN must be'],
    [{ AUTH_ORIGIN: 'http://auth.localhost/path' }, 'AUTH_ORIGIN must be'],
    [{ ACCESS_TOKEN_SECONDS: 'long' }, 'ACCESS_TOKEN_SECONDS must be'],
    [{ ACCESS_TOKEN_SECONDS: '0' }, 'from 1 on'],
    [{ SCALR_PUBLIC_DOMAIN: 'example.org' }, 'Set SCALR_AUTH=authentik'],
  ])('refuse %j', (env, message) => {
    expect(() => readSettings(env)).toThrow(message);
  });

  it('are no use without a repository', async () => {
    const settings = readSettings({ REPOSITORY_DIR: '/nowhere', DATA_DIR: await folder() });
    await expect(
      start(
        settings,
        jsonLog(() => undefined),
      ),
    ).rejects.toThrow('mounted read-only');
  });
});
