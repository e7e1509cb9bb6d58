/** The settings from tests/e2e/run. */
import { join } from 'node:path';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: start these tests with tests/e2e/run`);
  }
  return value;
}

export const SCALR = required('SCALR');
export const CHROMIUM = required('CHROMIUM');
/** The library that the browser is started with (no-netlink.c). */
export const PRELOAD = required('E2E_PRELOAD');
/** The throw-away clone. */
export const REPOSITORY = required('E2E_REPOSITORY');
export const SCREENSHOTS = join(required('E2E_OUT'), 'screenshots');
