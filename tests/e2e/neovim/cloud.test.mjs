/** Login, push and review from Neovim. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { KEY, Machine } from '../support/machine.mjs';
import { play } from './neovim.mjs';

/**
 * @param {import('node:test').TestContext} t
 * @param {string[]} [args] of the sandbox
 */
async function machineWithCloud(t, args) {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  return { machine, server: await machine.sandbox(t, args) };
}

/** @param {Machine} machine */
const lspLog = (machine) => readFile(join(machine.home, '.local', 'state', 'nvim', 'lsp.log'), 'utf8');

test('a package goes from login to approval by its lenses, and the key is nowhere', async (t) => {
  const { machine, server } = await machineWithCloud(t, ['--token', KEY]);
  const report = await play(t, machine, 'cloud', {
    arguments: { key: KEY, server, node: process.execPath },
    env: { KSEXT_SERVER: server, KSEXT_LOG: 'trace', KSEXT_E2E_LOG: 'trace' },
  });
  assert.match(report.before, /^0\.1\.0.* · \d+\.\d KB$/);
  assert.equal(report.prompt, `API key of ${server} (not shown): `);
  assert.match(report.whoami, /Sandbox user/);

  const [cancelled, asked] = report.asked;
  assert.equal(cancelled.prompt, asked.prompt);
  assert.equal(asked.prompt, `Push \`demo\` 0.1.0 to ${server} as Sandbox user and submit it for review?`);
  assert.deepEqual(asked.items, ['Push', 'Cancel']);
  assert.match(asked.shown.join('\n'), /21 entries.*this version is new there/);

  assert.ok(report.progress.some((/** @type {string} */ step) => step.startsWith('Push to KubeSphere Cloud: uploading the package')));
  assert.match(report.submitted, /^0\.1\.0 submitted just now · \d+\.\d KB$/);
  assert.match(report.status, new RegExp(`0\\.1\\.0 +active .*#${report.snapshot}`));
  assert.match(report.approved, /^0\.1\.0 active/);

  const log = await lspLog(machine);
  assert.ok(log.includes('"ksext.push"'), 'the log holds what is sent');
  for (const text of [log, report.history, JSON.stringify(report)]) assert.ok(!text.includes(KEY));
});

test('a log that is not kept from the key has it', async (t) => {
  const { machine, server } = await machineWithCloud(t, ['--token', KEY]);
  await play(t, machine, 'unguarded', { arguments: { key: KEY, server }, env: { KSEXT_E2E_LOG: 'trace' } });
  assert.ok((await lspLog(machine)).includes(KEY));
});

for (const push of ['KsextPush!', 'KsextPush draft']) {
  test(`:${push} leaves a draft, which the lists submit and withdraw`, async (t) => {
    const { machine, server } = await machineWithCloud(t);
    await machine.logIn(server);
    const report = await play(t, machine, 'drafts', { arguments: { push } });
    assert.match(report.list, /^Extensions of the account\n\ndemo {2}draft\n {2}0\.1\.0 +draft {2}just now {2}#\d+\n/);
    assert.match(report.submitted, /0\.1\.0 +submitted/);
    assert.match(report.name, /ksext:\/\/review\/demo$/);
    assert.match(report.review, /^demo {2}draft\n {2}0\.1\.0 +submitted/);
    assert.equal(report.back, 'extension.yaml');
  });
}

test('what is closed, not saved or ended meanwhile is no failure', async (t) => {
  const { machine, server } = await machineWithCloud(t, ['--token', KEY]);
  await machine.logIn(server);
  const report = await play(t, machine, 'in_the_way', { arguments: { key: KEY } });
  assert.match(report.asked[0].shown.join('\n'), /21 entries/);
  assert.match(report.key, /this is an API key, not a server; it was not used/);
  assert.ok(!JSON.stringify(report).includes(KEY));
  assert.match(report.submitted, /^demo 0\.1\.0, snapshot \d+: submitted$/);
  assert.equal(report.failed, '');
  assert.deepEqual(report.opened, ['extension.yaml', 'README.md']);
  assert.equal(report.is_kept, true);
  assert.match(report.ended, /the language server does not run for this buffer/);
});

test(':KsextLogin! asks in the browser', async (t) => {
  const { machine, server } = await machineWithCloud(t, ['--token', KEY]);
  const given = { key: KEY, server, node: process.execPath };
  const { shown } = await play(t, machine, 'sign_in', { arguments: given });
  assert.match(shown, /^http:\/\/127\.0\.0\.1:\d+\//);
});

test('nothing seems to run on a server that has ended', async (t) => {
  const { machine, server } = await machineWithCloud(t, ['--fault', 'package:hang']);
  await machine.logIn(server);
  const { size } = await play(t, machine, 'server_dies');
  assert.match(size, /does not run for this buffer/);
});

test('a push is stopped and tells what stands on the server', async (t) => {
  const { machine, server } = await machineWithCloud(t, ['--fault', 'package:hang']);
  await machine.logIn(server);
  const report = await play(t, machine, 'cancel');
  assert.match(report.cancelled, /cancelled/);
  assert.doesNotMatch(report.after, /%/);
});
