/** What commands are given, and what they make of a refusal. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { isName } from '../src/commands/names';
import { extras, isNamed, isSnapshot, isTargeted } from '../src/commands/target';
import { sandboxUp } from '../src/commands/waiting';
import { pageOf, Refused, refusalOf, remedies, shown } from '../src/server/refusal';

test('an error of the server’s says of which kind it is', () => {
  const error = Object.assign(new Error('not accepted; sign in'), {
    data: { kind: 'auth', hint: 'sign in', status: 401 },
  });
  const { message, kind, hint, status, isWithoutKey } = refusalOf(error);
  assert.deepEqual({ message, kind, hint, status }, { message: 'not accepted; sign in', ...error.data });
  assert.equal(isWithoutKey, false);
  assert.equal(refusalOf(Object.assign(new Error('x'), { data: { kind: 'auth' } })).isWithoutKey, true);
});

test('what a button does is not told to type in a terminal', () => {
  for (const [message, hint, kind, expected] of [
    ['has 1 error; run `ksext check x`', 'run `ksext check x`', 'invalid-package', 'has 1 error'],
    ['有 1 个错误；请运行 `ksext check x`', '请运行 `ksext check x`', 'invalid-package', '有 1 个错误'],
    ['not accepted; make a new one', 'make a new one', 'auth', 'not accepted; make a new one'],
    ['has 1 error', undefined, 'invalid-package', 'has 1 error'],
  ] as const) {
    assert.equal(shown(new Refused(message, kind, hint, undefined)), expected);
  }
});

test('whatever else is thrown is a refusal too', () => {
  for (const thrown of [new Error('x'), 'x', Object.assign(new Error('x'), { data: 'text' })]) {
    assert.equal(refusalOf(thrown).kind, 'unknown');
    assert.equal(refusalOf(thrown).message, 'x');
  }
  const same = new Refused('x', 'network', undefined, undefined);
  assert.equal(refusalOf(same), same);
});

test('every kind of refusal has what may help first', () => {
  for (const [kind, expected] of [
    ['auth', ['sign-in']],
    ['network', ['retry', 'log']],
    ['invalid-package', ['problems']],
    ['too-large', ['size', 'problems']],
    ['cancelled', []],
    ['unknown', ['log', 'restart']],
  ] as const) {
    assert.deepEqual(remedies(kind), expected, kind);
  }
});

test('a sandbox leads to its reviewer, any other cloud to its page', () => {
  for (const [server, expected] of [
    ['https://kubesphere.cloud', 'https://kubesphere.cloud'],
    ['https://kubesphere.cloud/', 'https://kubesphere.cloud'],
    ['http://127.0.0.1:8642', 'http://127.0.0.1:8642/review'],
    ['http://localhost:8642/', 'http://localhost:8642/review'],
    ['https://localhost.example', 'https://localhost.example'],
  ] as const) {
    assert.equal(pageOf(server), expected);
  }
});

test('a target is a place, a version or a name', () => {
  const kinds = (value: unknown) => [isTargeted(value), isSnapshot(value), isNamed(value)];
  assert.deepEqual(kinds({ uri: 'file:///x' }), [true, false, false]);
  assert.deepEqual(kinds({ uri: 'file:///x', name: 'demo' }), [true, false, false]);
  assert.deepEqual(kinds({ snapshotId: '1', label: 'demo 1.0' }), [false, true, false]);
  assert.deepEqual(kinds({ name: 'demo' }), [false, false, true]);
  for (const other of [undefined, null, 'file:///x', { uri: 1 }, []]) {
    assert.deepEqual(kinds(other), [false, false, false]);
  }
});

test('of the argument of a lens only what push knows goes on', () => {
  const argument = { uri: 'file:///x', submit: false, confirm: 'no', background: true };
  assert.deepEqual(extras(argument), { submit: false });
  assert.deepEqual(extras(undefined), {});
});

test('names are those that a cluster takes', () => {
  for (const name of ['demo', 'hello-world', 'a', '9to5']) assert.ok(isName(name), name);
  for (const name of ['', 'Demo', '-demo', 'demo-', 'de mo', 'de/mo', '示例', 'a'.repeat(64)]) {
    assert.ok(!isName(name), name);
  }
});

test('a sandbox is waited for until it answers, or not any longer', async (t) => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/charts/index.yaml' ? 200 : 404).end();
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address instanceof Object ? address.port : 0);
    });
  });
  t.after(() => server.close());
  assert.equal(await sandboxUp(`http://127.0.0.1:${port}`, 10_000), true);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await sandboxUp(`http://127.0.0.1:${port}`, 1), false);
});
