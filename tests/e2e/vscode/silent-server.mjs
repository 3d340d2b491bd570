#!/usr/bin/env node
/** A language server that understands everything and says nothing. What is asserted of ksext has to fail with it. */

let bytes = Buffer.alloc(0);

/** @param {number} id @param {unknown} result */
function answer(id, result) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result }));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
}

process.stdin.on('data', (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n');
    const length = Number(/Content-Length: (\d+)/.exec(bytes.toString('utf8', 0, Math.max(end, 0)))?.[1]);
    if (end < 0 || bytes.length < end + 4 + length) return;
    const { id, method } = JSON.parse(bytes.toString('utf8', end + 4, end + 4 + length));
    bytes = bytes.subarray(end + 4 + length);
    if (method === 'exit') process.exit();
    const started = { capabilities: { textDocumentSync: 1 }, serverInfo: { name: 'silent', version: '99.0.0' } };
    if (id !== undefined && method) answer(id, method === 'initialize' ? started : null);
  }
});
process.stdin.on('end', () => process.exit());
