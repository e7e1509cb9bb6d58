/** Ports of this machine. */
import { createServer } from 'node:net';

/** The one that E2E_HTTP_PORT names; 80, or a free one where that is taken. */
export async function gatewayPort(): Promise<number> {
  const asked = process.env['E2E_HTTP_PORT'];
  if (asked) return Number(asked);
  return (await isFree(80)) ? 80 : freePort();
}

export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => {
        resolve(false);
      })
      .listen(port, '127.0.0.1', () => {
        server.close(() => {
          resolve(true);
        });
      });
  });

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
