/** The part of GitHub's API that comments on pull requests, on loopback. */

import { createServer } from 'node:http';

/** @typedef {{ id: number, body: string, user: { type: string }, author_association: string }} Comment */

export const TOKEN = 'ghs_e2eTokenThatNobodyMaySee';

/**
 * Starts it; it ends with the test.
 * @param {import('node:test').TestContext} t
 */
export async function fakeGitHub(t) {
  /** @type {Comment[]} */
  const comments = [];
  /** @type {string[]} */
  const calls = [];
  const github = { url: '', comments, calls, mayWrite: true };

  /** @param {import('node:http').IncomingMessage} request @param {any} body @returns {[number, unknown]} */
  function answer(request, body) {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    calls.push(`${request.method} ${pathname}`);
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return [401, { message: 'Bad credentials' }];
    if (pathname === '/repos/kube/extensions/issues/7/comments' && request.method === 'GET') {
      const [size, page] = [Number(searchParams.get('per_page') ?? 30), Number(searchParams.get('page') ?? 1)];
      return [200, comments.slice((page - 1) * size, page * size)];
    }
    if (!github.mayWrite) return [403, { message: 'Resource not accessible by integration' }];
    if (typeof body?.body !== 'string' || body.body.length > 65_536) return [422, { message: 'Validation Failed' }];
    if (pathname === '/repos/kube/extensions/issues/7/comments' && request.method === 'POST') {
      const comment = { id: 1000 + comments.length, body: body.body, user: { type: 'Bot' }, author_association: 'NONE' };
      comments.push(comment);
      return [201, comment];
    }
    const id = pathname.match(/^\/repos\/kube\/extensions\/issues\/comments\/(\d+)$/)?.[1];
    const comment = comments.find((comment) => comment.id === Number(id));
    if (!comment || request.method !== 'PATCH') return [404, { message: 'Not Found' }];
    comment.body = body.body;
    return [200, comment];
  }

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const [status, body] = answer(request, text && JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  github.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  return github;
}
