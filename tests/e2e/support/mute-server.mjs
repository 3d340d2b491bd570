#!/usr/bin/env node
/** A language server that answers whatever it is asked with nothing: what a test makes of it must be a failure. */

let bytes = Buffer.alloc(0);

process.stdin.on('data', (more) => {
  bytes = Buffer.concat([bytes, more]);
  for (;;) {
    const head = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(bytes.toString('latin1'));
    const end = head ? head[0].length + Number(head[1]) : Infinity;
    if (bytes.length < end) return;
    answer(JSON.parse(bytes.toString('utf8', head?.[0].length, end)));
    bytes = bytes.subarray(end);
  }
});
process.stdin.on('end', () => process.exit());

/** @param {{ id?: number, method?: string }} message */
function answer({ id, method }) {
  if (method === 'exit') process.exit();
  if (id === undefined || method === undefined) return;
  const result = method === 'initialize' ? { capabilities: { textDocumentSync: 1, codeActionProvider: true } } : null;
  const body = JSON.stringify({ jsonrpc: '2.0', id, result });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
