/** Emacs with lsp-mode, set up as editors/README.md says. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { approve, brokenPackage, editorMachine, fromReadme, nothingRuns, pageOf, signIn, WRONG } from '../support/editors.mjs';
import { KEY } from '../support/machine.mjs';
import { Emacs } from './emacs.mjs';
import { completesAndFollows, renamesACondition, savesWithSafeFixes, seesTheFinding } from './steps.mjs';

/** Takes the project that is asked for, asks for no package that is not there. */
const SETTINGS = '(setq lsp-auto-guess-root t lsp-warn-no-matched-clients nil lsp-enable-snippet nil lsp-lens-enable t)';

/**
 * @param {import('node:test').TestContext} t
 * @param {{ mute?: boolean, settings?: string }} [options]
 */
async function open(t, { mute, settings = '' } = {}) {
  const machine = await editorMachine(t, { mute });
  const file = await brokenPackage(machine);
  const server = await machine.sandbox(t, ['--token', KEY]);
  machine.env.KSEXT_SERVER = server;
  const emacs = await Emacs.start(t, machine, { heading: 'Emacs (lsp-mode)', file, settings: SETTINGS + settings });
  return { machine, server, file, emacs };
}

test('a finding stands at its place behind Chinese text and an emoji', async (t) => {
  const { emacs } = await open(t);
  await seesTheFinding(emacs);
});

test('other YAML is left alone', async (t) => {
  const { emacs, file } = await open(t);
  await emacs.until('(lsp-workspaces)');
  emacs.visit(join(file, '../values.yaml'));
  assert.deepEqual(emacs.ask('(list (derived-mode-p (quote ksext-mode)) (lsp-workspaces))'), [null, null]);
});

test('a server that says nothing shows nothing', async (t) => {
  const { emacs } = await open(t, { mute: true });
  await emacs.until('(lsp-workspaces)');
  await assert.rejects(emacs.findings(2_000), /flymake-diagnostics.*it is nil/);
});

test('a fix is chosen from the menu and saved', async (t) => {
  const { emacs, file } = await open(t);
  await emacs.findings();
  emacs.goTo(WRONG.entry);
  await emacs.run('lsp-execute-code-action');
  await emacs.terminal.shows('Select code action:');
  await emacs.terminal.type('Rename');
  await emacs.terminal.press('Tab');
  await emacs.terminal.shows(`: ${WRONG.fix}`);
  await emacs.terminal.press('Enter');
  await emacs.terminal.shows('email: contact@example.com}, en:');
  await emacs.save();
  assert.match(await readFile(file, 'utf8'), /示例🚀公司, email: contact@example.com/);
});

test('safe fixes are made when the file is saved', async (t) => {
  const settings = await fromReadme('Emacs (eglot)', 'elisp', 1);
  const { emacs, file } = await open(t, { settings });
  await savesWithSafeFixes(emacs, file);
});

test('a key is completed, explained, and followed to what it names', async (t) => {
  const { emacs } = await open(t);
  await completesAndFollows(emacs, { completed: /^installationMode/m, explain: 'lsp-describe-thing-at-point' });
});

test('a condition is renamed in all files', async (t) => {
  const { emacs, file } = await open(t);
  await renamesACondition(emacs, file, { rename: 'lsp-rename', confirms: false });
});

test('size and what would be published', async (t) => {
  const { emacs } = await open(t);
  await emacs.findings();
  await emacs.run('ksext-size');
  await emacs.terminal.shows(/KiB of 1 MiB[^]*charts\/backend/);
  await emacs.run('ksext-preview');
  await emacs.terminal.shows('# Chart.yaml');
});

test('lenses stand at the name', async (t) => {
  const { emacs } = await open(t);
  await emacs.terminal.shows(/^name: demo .*Push demo 0\.1\.0/m);
});

test('nothing runs any more after the end', async (t) => {
  const { machine, emacs } = await open(t);
  await emacs.findings();
  await emacs.quit();
  await nothingRuns(machine);
});

test('a package goes from sign-in to the Marketplace', async (t) => {
  const { machine, server, emacs } = await open(t);
  await emacs.findings();
  await emacs.run('ksext-login');
  await signIn(await pageOf(machine), KEY);
  await emacs.terminal.shows(`logged in to ${server}`);
  await emacs.run('ksext-push');
  await emacs.terminal.shows('Push `demo` 0.1.0');
  await emacs.terminal.press('C-g');
  await emacs.terminal.shows('did not push `demo` 0.1.0: cancelled');
  await emacs.run('ksext-push');
  await emacs.terminal.shows(/Push `demo` 0\.1\.0 to/);
  await emacs.terminal.type('Push');
  await emacs.terminal.press('Enter');
  await emacs.terminal.shows(/pushed demo 0\.1\.0 .*submitted/);
  await approve(machine, server, 'demo');
  await emacs.run('ksext-status');
  await emacs.terminal.shows(/demo .*0\.1\.0 is active/);
});
