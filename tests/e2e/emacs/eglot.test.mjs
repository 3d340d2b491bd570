/** Emacs with eglot, set up as editors/README.md says. */

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { approve, brokenPackage, editorMachine, fromReadme, nothingRuns, pageOf, signIn, WRONG } from '../support/editors.mjs';
import { KEY } from '../support/machine.mjs';
import { Emacs } from './emacs.mjs';
import { completesAndFollows, renamesACondition, savesWithSafeFixes, seesTheFinding } from './steps.mjs';

const HEADING = 'Emacs (eglot)';

/**
 * @param {import('node:test').TestContext} t
 * @param {{ mute?: boolean, settings?: string }} [options]
 */
async function open(t, { mute, settings } = {}) {
  const machine = await editorMachine(t, { mute });
  const file = await brokenPackage(machine);
  return { machine, file, emacs: await Emacs.start(t, machine, { heading: HEADING, file, settings }) };
}

test('a finding stands at its place behind Chinese text and an emoji', async (t) => {
  const { emacs } = await open(t);
  await seesTheFinding(emacs);
});

test('a server that says nothing shows nothing', async (t) => {
  const { emacs } = await open(t, { mute: true });
  await emacs.until('(eglot-current-server)');
  await assert.rejects(emacs.findings(2_000), /flymake-diagnostics.*it is nil/);
});

test('other YAML is left alone', async (t) => {
  const { emacs, file } = await open(t);
  await emacs.until('(eglot-current-server)');
  emacs.visit(join(file, '../values.yaml'));
  assert.deepEqual(emacs.ask('(list (derived-mode-p (quote ksext-mode)) (eglot-current-server))'), [null, null]);
});

test('a fix is chosen from the menu and saved', async (t) => {
  const { emacs, file } = await open(t);
  await emacs.findings();
  emacs.goTo(WRONG.entry);
  await emacs.run('eglot-code-actions');
  await emacs.terminal.shows('Pick an action');
  await emacs.terminal.press('Tab');
  await emacs.terminal.shows('Ignore `unknown-key` here');
  await emacs.terminal.shoot('emacs-fix');
  await emacs.terminal.type('Rename');
  await emacs.terminal.press('Tab');
  await emacs.terminal.shows(`: ${WRONG.fix}`);
  await emacs.terminal.press('Enter');
  await emacs.terminal.shows('email: contact@example.com}, en:');
  await emacs.save();
  await emacs.until('(not (flymake-diagnostics))');
  assert.match(await readFile(file, 'utf8'), /示例🚀公司, email: contact@example.com/);
});

test('safe fixes are made when the file is saved', async (t) => {
  const settings = await fromReadme(HEADING, 'elisp', 1);
  const { emacs, file } = await open(t, { settings });
  await savesWithSafeFixes(emacs, file);
});

test('a key is completed, explained, and followed to what it names', async (t) => {
  const { emacs } = await open(t);
  await completesAndFollows(emacs, { completed: /^installationMode:/m, explain: 'eldoc' });
});

test('a condition is renamed in all files', async (t) => {
  const { emacs, file } = await open(t);
  await renamesACondition(emacs, file, { rename: 'eglot-rename', confirms: true });
});

test('C-g is no answer to the question before a push', async (t) => {
  const machine = await editorMachine(t);
  const file = join(await machine.package('demo', 'demo'), 'extension.yaml');
  await machine.logIn(await machine.sandbox(t, ['--token', KEY]));
  const emacs = await Emacs.start(t, machine, { heading: HEADING, file });
  await emacs.until('(eglot-current-server)');
  // Twice: nothing of the first is under way any more.
  for (let times = 0; times < 2; times++) {
    await emacs.run('ksext-push');
    await emacs.terminal.shows('Choose an option');
    await emacs.terminal.press('C-g');
    await emacs.terminal.shows('did not push `demo` 0.1.0: cancelled');
  }
});

test('a change that is not saved leaves no link in the package', async (t) => {
  const { emacs, file } = await open(t);
  await emacs.terminal.type('# ');
  await emacs.until('(buffer-modified-p)');
  const names = await readdir(join(file, '..'));
  assert.deepEqual(names.filter((name) => name.startsWith('.#')), []);
});

test('a package goes from sign-in to the Marketplace', async (t) => {
  const { machine, emacs, file } = await open(t);
  const server = await machine.sandbox(t, ['--token', KEY]);
  await emacs.until('(eglot-current-server)');
  emacs.ask(`(progn (setenv "KSEXT_SERVER" "${server}") (eglot-reconnect (eglot-current-server)) t)`);
  await emacs.findings();
  const { terminal } = emacs;

  await emacs.run('ksext-login');
  await signIn(await pageOf(machine), KEY);
  await terminal.shows(`logged in to ${server}`);

  await emacs.run('ksext-push');
  await terminal.shows('Choose an option');
  await terminal.shoot('emacs-push');
  // The first answer is there already.
  await terminal.press('Enter');
  await terminal.shows(/pushed demo 0\.1\.0 .*submitted/);

  await emacs.run('ksext-status');
  await terminal.shows(/demo .*0\.1\.0 is submitted/);
  await approve(machine, server, 'demo');
  await emacs.run('ksext-status');
  await terminal.shows(/demo .*0\.1\.0 is active/);

  await emacs.run('ksext-diff');
  await terminal.shows('demo 0.1.0 against 0.1.0');
  await emacs.run('ksext-list');
  await terminal.shows('1 extension: demo');
  assert.equal((await readFile(file, 'utf8')).includes(KEY), false);
  assert.equal(emacs.ask(`(with-current-buffer "*Messages*" (save-excursion (goto-char (point-min)) (search-forward "${KEY}" nil t)))`), null);
});

test('size, what would be published, and a new extension', async (t) => {
  const { machine, emacs } = await open(t);
  await emacs.findings();
  await emacs.run('ksext-size');
  await emacs.terminal.shows(/KiB of 1 MiB[^]*charts\/backend/);
  await emacs.run('ksext-preview');
  await emacs.terminal.shows('# Chart.yaml');
  await emacs.run('ksext-new');
  await emacs.terminal.shows('Name of the extension:');
  await emacs.terminal.type('fresh');
  await emacs.terminal.press('Enter');
  await emacs.terminal.shows('Made in:');
  await emacs.terminal.press('C-a', 'C-k');
  await emacs.terminal.type('~/');
  await emacs.terminal.press('Enter');
  await emacs.terminal.shows('made ');
  assert.match(await readFile(join(machine.home, 'fresh', 'extension.yaml'), 'utf8'), /^name: fresh$/m);
});

test('nothing runs any more after the end', async (t) => {
  const { machine, emacs } = await open(t);
  await emacs.findings();
  await emacs.quit();
  await nothingRuns(machine);
});

test('nothing runs any more after Emacs was killed', async (t) => {
  const { machine, emacs } = await open(t);
  await emacs.findings();
  process.kill(emacs.ask('(emacs-pid)'), 'SIGKILL');
  await nothingRuns(machine);
});
