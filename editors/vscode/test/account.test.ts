/** Keys, and logins as they are kept. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { looksLikeAKey } from '../src/account/key';
import { keptOf, Sessions, sessionOf } from '../src/account/sessions';

const KEY = 'kck-1e63267b-cb3c-4757-b739-3d94a06781aa';

/** The editor's secret storage. */
function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (key: string) => kept.get(key),
    store: async (key: string, value: string) => void kept.set(key, value),
    delete: async (key: string) => void kept.delete(key),
    keys: async () => [...kept.keys()],
    onDidChange: () => ({ dispose() {} }),
  };
}

test('keys are kck- and a UUID', () => {
  for (const key of [KEY, KEY.toUpperCase().replace('KCK', 'kck')]) assert.ok(looksLikeAKey(key), key);
  for (const key of ['', 'kck-', KEY.slice(1), `${KEY}0`, KEY.replace('1e', 'xx'), ` ${KEY}`]) {
    assert.ok(!looksLikeAKey(key), key);
  }
});

test('each server has a login of its own', async () => {
  const secrets = storage();
  const sessions = new Sessions(secrets);
  const one = keptOf({ server: 'https://kubesphere.cloud', user: { id: 'u-1', name: '演示' } }, KEY);
  const other = keptOf({ server: 'http://127.0.0.1:1', user: { id: 'u-2' } }, undefined);
  await sessions.save('', one);
  await sessions.save('http://127.0.0.1:1/', other);
  assert.deepEqual(await sessions.load(''), one);
  assert.deepEqual(await sessions.load('http://127.0.0.1:1'), other);
  assert.equal(await sessions.load('http://127.0.0.1:2'), undefined);
  await sessions.clear('');
  assert.equal(await sessions.load(''), undefined);
  assert.deepEqual(await sessions.load('http://127.0.0.1:1'), other);
});

test('a change in the storage is told from those about other servers', async () => {
  const secrets = storage();
  const sessions = new Sessions(secrets);
  await sessions.save('http://127.0.0.1:1', keptOf({ server: 'http://127.0.0.1:1' }, KEY));
  const [key = ''] = await secrets.keys();
  assert.equal(sessions.isAbout(key, 'http://127.0.0.1:1/'), true);
  assert.equal(sessions.isAbout(key, ''), false);
});

test('what is no login is none', async () => {
  for (const text of ['', 'text', '{}', '{"id":"1","server":"x","account":{"id":1}}', 'null']) {
    const secrets = storage();
    secrets.kept.set('login', text);
    assert.equal(await new Sessions(secrets).load(''), undefined, text);
  }
});

test('other extensions see whose login it is and not the key', () => {
  const session = sessionOf(keptOf({ server: 'https://x', user: { id: 'u-1', name: 'Demo' } }, KEY));
  assert.deepEqual(session.account, { id: 'u-1', label: 'Demo' });
  assert.ok(!JSON.stringify(session).includes(KEY));
});
