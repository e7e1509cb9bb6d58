/** Traffic that a gateway has to stream: uploads, events one by one, WebSockets. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { it } from './test.ts';

/** Where the app `e2e-echo` is reached. */
export interface Way {
  /** Such as `http://e2e-echo.localhost:80`. */
  origin: string;
  /** The authority that signed the certificate, where it is https. */
  ca?: string;
}

export interface How {
  method?: string;
  headers?: Record<string, string>;
}

const UPLOAD_MB = 100;

export interface Through {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** A request to this machine, with the way's own host name. Its body is not sent yet. */
export function begin(way: Way, path: string, options: How = {}): ClientRequest {
  const url = new URL(way.origin);
  const secure = url.protocol === 'https:';
  return (secure ? httpsRequest : httpRequest)({
    host: '127.0.0.1',
    port: url.port || (secure ? 443 : 80),
    path,
    servername: url.hostname,
    timeout: 60_000,
    ...(way.ca === undefined ? {} : { ca: way.ca }),
    ...options,
    headers: { host: url.host, ...options.headers },
  });
}

export const answered = (sent: ClientRequest): Promise<Through> =>
  new Promise((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
  });

export function through(way: Way, path: string, options?: How): Promise<Through> {
  const sent = begin(way, path, options);
  sent.end();
  return answered(sent);
}

/** The same tests for each gateway; its address is read when they run. */
export function passes(way: () => Way): void {
  it(`lets an upload of ${String(UPLOAD_MB)} MB through`, async () => {
    const sent = begin(way(), '/upload', { method: 'POST' });
    const answer = answered(sent);
    const block = randomBytes(1024 * 1024);
    for (let written = 0; written < UPLOAD_MB; written += 1) {
      if (!sent.write(block)) await new Promise((resolve) => sent.once('drain', resolve));
    }
    sent.end();
    assert.deepEqual(JSON.parse((await answer).text), { bytes: UPLOAD_MB * 1024 * 1024 });
  });

  it('lets events through as they come', async () => {
    const sent = begin(way(), '/events', { headers: { 'accept-encoding': 'gzip' } });
    sent.end();
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject);
    });
    assert.equal(response.headers['content-encoding'], undefined);
    const arrived: number[] = [];
    for await (const part of response) {
      assert.match(String(part), /^data: \d+\n\n/);
      arrived.push(Date.now());
      if (arrived.length === 3) break;
    }
    sent.destroy();
    const [first, , third] = arrived;
    assert.ok((third ?? 0) - (first ?? 0) >= 300, `they came together: ${String(arrived)}`);
  });

  it('lets a WebSocket through, both ways', async () => {
    const key = randomBytes(16).toString('base64');
    const sent = begin(way(), '/', {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': key,
        'sec-websocket-version': '13',
      },
    });
    sent.end();
    const echoed = await new Promise<string>((resolve, reject) => {
      sent.on('error', reject).on('response', (response) => {
        reject(new Error(`answered ${String(response.statusCode)}`));
      });
      sent.on('upgrade', (_, socket) => {
        const words = Buffer.from('through the gateway');
        const mask = randomBytes(4);
        const masked = words.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
        socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | words.length]), mask, masked]));
        socket.once('data', (frame: Buffer) => {
          resolve(frame.subarray(2).toString());
          socket.destroy();
        });
      });
    });
    assert.equal(echoed, 'through the gateway');
  });

  it('leaves an app’s own 503 as it is', async () => {
    const answer = await through(way(), '/unavailable');
    assert.equal(answer.status, 503);
    assert.match(answer.text, /the app's own answer/);
  });
}

/** A body that is too large: the backend refuses it, and its answer reaches the client. */
export function refusesLarge(way: () => Way): void {
  it('lets the app refuse a body that is too large, with a length or without one', async () => {
    const body = Buffer.alloc(2 * 1024 * 1024);
    for (const headers of [{ 'content-length': String(body.length) }, {}]) {
      const sent = begin(way(), '/api/notes', { method: 'POST', headers });
      const answer = answered(sent);
      sent.end(body);
      const { status, text } = await answer;
      assert.equal(status, 413, text);
      assert.match(text, /a body may have 1048576 bytes at most/);
    }
  });
}
