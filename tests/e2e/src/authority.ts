/** A certificate authority for these tests. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** Makes a certificate for the host in the folder: `host.pem`, `host.key`. Returns the authority's own, `ca.pem`. */
export async function certify(folder: string, host: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const request = (name: string, subject: string, ...args: string[]) =>
    openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-keyout', `${name}.key`, '-subj', `/CN=${subject}`, ...args],
    );
  await request('ca', 'e2e', '-x509', '-days', '2', '-out', 'ca.pem');
  await request('host', host, '-out', 'host.csr');
  await writeFile(join(folder, 'san'), `subjectAltName=DNS:${host}\n`);
  await openssl(
    ...['x509', '-req', '-in', 'host.csr', '-out', 'host.pem', '-days', '1', '-extfile', 'san'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
  );
  // The containers' users are others.
  await run('chmod', ['644', join(folder, 'host.key')]);
  return readFile(join(folder, 'ca.pem'), 'utf8');
}
