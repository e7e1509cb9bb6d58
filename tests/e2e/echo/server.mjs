// Returns what it received: the number of bytes of an upload, events one by one, the text of a WebSocket.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const TEXT = 'The same words again and again compress well. '.repeat(200);

const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://echo');
    switch (pathname) {
        case '/upload': {
            let bytes = 0;
            request.on('data', (chunk) => (bytes += chunk.length));
            request.on('end', () => response.end(JSON.stringify({ bytes })));
            break;
        }
        case '/events': {
            // Each event is sent only after the client has confirmed the one before, so that buffering is noticed.
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            let count = 0;
            const timer = setInterval(() => {
                count += 1;
                response.write(`data: ${count}\n\n`);
            }, 300);
            request.on('close', () => clearInterval(timer));
            break;
        }
        case '/text':
            response.writeHead(200, { 'content-type': 'text/plain' });
            response.end(TEXT);
            break;
        case '/unavailable':
            response.writeHead(503, { 'content-type': 'application/problem+json' });
            response.end('{"detail":"the app\'s own answer"}');
            break;
        case '/headers':
            response.end(JSON.stringify(request.headers));
            break;
        default:
            response.end('echo');
    }
});

// RFC 6455, only as much as one short text frame in each direction needs.
server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
    socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => undefined);
    socket.on('data', (frame) => {
        if ((frame[0] & 0x0f) !== 1) return socket.end();
        const length = frame[1] & 0x7f;
        const mask = frame.subarray(2, 6);
        const text = frame.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4]);
        socket.write(Buffer.concat([Buffer.from([0x81, length]), text]));
    });
});

server.listen(8080);
