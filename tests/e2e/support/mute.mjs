#!/usr/bin/env node
/** A language server that answers and finds nothing: the tests must notice that. */

let bytes = Buffer.alloc(0);

/** @param {object} message */
function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  process.stdout.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
}

process.stdin.on('data', (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n');
    const length = Number(/Content-Length: (\d+)/.exec(bytes.toString('utf8', 0, Math.max(end, 0)))?.[1]);
    if (end < 0 || bytes.length < end + 4 + length) return;
    const message = JSON.parse(bytes.toString('utf8', end + 4, end + 4 + length));
    bytes = bytes.subarray(end + 4 + length);
    if (message.method === 'exit') process.exit(0);
    if (message.id !== undefined && message.method) {
      // Newer than whatever a client asks for.
      const started = { capabilities: { textDocumentSync: 2 }, serverInfo: { name: 'mute', version: '999.0.0' } };
      send({ id: message.id, result: message.method === 'initialize' ? started : null });
    }
  }
});
process.stdin.on('end', () => process.exit(0));
