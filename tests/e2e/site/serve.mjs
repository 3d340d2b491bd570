/** The built site, served on this machine as GitHub Pages does: below the repository's name, `/x` being `x.html`. */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

import { BASE, BUILT } from '../../../server/docs/site/pages.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.xml': 'application/xml',
};

/**
 * Serves it until the tests are over.
 * @returns {Promise<{ url: string, close: () => void }>} the address of the front page
 */
export async function serveSite() {
  const server = createServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url ?? '/', 'http://localhost').pathname);
    const file = path.startsWith(BASE) ? await read(path.slice(BASE.length)) : undefined;
    const { bytes, type } = file ?? { bytes: await readFile(join(BUILT, '404.html')), type: TYPES['.html'] };
    response.writeHead(file ? 200 : 404, { 'content-type': type }).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}${BASE}`, close: () => void server.close() };
}

/** @param {string} path */
async function read(path) {
  const safe = normalize(`/${path}`);
  const names = safe.endsWith('/') ? [`${safe}index.html`] : [safe, `${safe}.html`];
  for (const name of names) {
    try {
      return { bytes: await readFile(join(BUILT, name)), type: TYPES[extname(name)] ?? 'application/octet-stream' };
    } catch {
      // The next name is tried.
    }
  }
  return undefined;
}
