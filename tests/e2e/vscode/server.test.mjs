/** The language server of a window: found, started, restarted, given up. */

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Code, closeBrowser, until } from '../support/code.mjs';
import { Machine, program } from '../support/machine.mjs';

after(closeBrowser);

/** Has one finding, in Chinese. */
const MANIFEST = `\
apiVersion: kubesphere.io/v1alpha1
name: demo
version: 0.1.0
displayName: {zh: 示例, en: Demo}
description: {zh: 示例, en: Demo}
category: dev-tools
provider: {zh: {name: 示例}, en: {name: Example}}
icon: ./static/favicon.svg
未知的键: 1
`;

/**
 * An editor on a package with a finding.
 * @param {import('node:test').TestContext} t
 * @param {import('../support/code.mjs').Options} [options]
 * @param {Record<string, string>} [files]
 */
async function open(t, options, files = {}) {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo', { 'extension.yaml': MANIFEST, ...files });
  const code = await Code.start(t, machine, options);
  await code.open(folder, 'extension.yaml');
  return code;
}

/** Waits until the finding is underlined, the extension has seen that its server runs, and it is the only one. @param {Code} code */
async function works(code) {
  await code.squiggle('未知的键', 'warning');
  await code.statusBar(/KB/).waitFor();
  await until(() => code.servers().length === 1, () => `one server, there are ${code.servers().length}`);
}

test('restarts leave one server, and a closed window none', async (t) => {
  const code = await open(t);
  await works(code);
  const [first] = code.servers();
  for (let times = 0; times < 3; times += 1) await code.run('kubesphere.restart');
  await until(() => code.servers().every(({ id }) => id !== first.id), 'another server');
  await works(code);

  await code.reload();
  await works(code);
  await code.page.goto('about:blank');
  await until(() => code.servers().length === 0, 'the server to end with its window');
});

test('crashes are passed over, until it is told once, with the way to the log', async (t) => {
  const code = await open(t, { mayComplain: true });
  await works(code);
  const crash = () => code.servers().forEach(({ id }) => process.kill(id, 'SIGKILL'));
  const told = code.notification('language server does not run');
  // One that ends before it has started would be told of at once.
  const starts = () => code.ownLog().match(/ is running$/gm)?.length ?? 0;
  for (let times = 0; times < 3; times += 1) {
    const before = starts();
    crash();
    await until(() => starts() > before, 'a new server');
    await works(code);
  }
  assert.equal(await told.count(), 0, 'nobody is bothered');
  crash();
  await told.waitFor();
  assert.equal(await code.page.locator('.notification-toast').count(), 1, 'it is told once');
  await code.screenshot('server-crashed');
  await told.button('Show Log').click();
  await code.page.locator('.part.panel .output-view, .part.panel .monaco-editor').first().waitFor();
  assert.equal(code.servers().length, 0);

  await code.run('kubesphere.restart');
  await works(code);
});

test('without a server, what to do is said, and done', async (t) => {
  const code = await open(t, { program: null });
  const told = code.notification('The program ksext was not found');
  await told.waitFor();
  await code.screenshot('server-missing');
  await told.button('Open Settings').click();
  await code.page.locator('.settings-editor .search-container', { hasText: 'ksext.path' }).waitFor();
  await code.page.keyboard.press('Escape');
  await code.addServer();
  await code.run('kubesphere.restart');
  await works(code);
});

test('a folder that is not trusted starts no program of its choice', async (t) => {
  const settings = { '.vscode/settings.json': JSON.stringify({ 'ksext.path': program() }) };
  const code = await open(t, { trust: false }, settings);
  await code.statusBar('Restricted Mode').waitFor();
  await code.run('kubesphere.signIn');
  await code.notification('a folder that you do not trust').waitFor();
  assert.deepEqual(code.servers(), []);
  await code.screenshot('server-untrusted');

  await code.notification('a folder that you do not trust').button('Manage Workspace Trust').click();
  await code.page.getByRole('button', { name: 'Trust', exact: true }).or(code.page.getByRole('button', { name: /^Trust/ })).first().click();
  await until(() => code.servers().length === 1, 'the server to start once the folder is trusted');
});

test('the server that comes with the extension checks in a folder that is not trusted', async (t) => {
  const foreign = { '.vscode/settings.json': JSON.stringify({ 'ksext.path': '/bin/false' }) };
  const code = await open(t, { trust: false, bundled: true, program: null }, foreign);
  await works(code);
  assert.match(code.servers()[0].words[0], /extensions\/ksext\.ksext-[\d.]+\/server\/ksext$/);
});

test('a server that says nothing is noticed', async (t) => {
  const code = await open(t, { program: fileURLToPath(new URL('../support/mute.mjs', import.meta.url)) });
  await until(() => code.processes().some(({ words }) => words.at(-1) === 'lsp'), 'the mute server');
  await assert.rejects(code.squiggle('未知的键', 'warning', 5_000), /to be underlined, but only \[\]/);
});

test('activation costs little', async (t) => {
  // The list draws only what there is room for.
  const code = await open(t, { viewport: { width: 1280, height: 2400 } });
  const times = [];
  while (times.length < 3) {
    await works(code);
    await code.palette('Developer: Show Running Extensions');
    const row = code.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'KubeSphere' });
    times.push(Number((await row.innerText()).match(/(\d+)\s*ms/)?.[1]));
    await code.page.keyboard.press('Escape');
    await code.reload();
  }
  t.diagnostic(`activation: ${times.join(', ')} ms`);
  assert.ok(times.every((time) => time >= 0), String(times));
});
