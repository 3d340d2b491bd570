/** Vim with ALE, set up as editors/README.md says. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { approve, brokenPackage, configure, editorMachine, eventually, fromReadme, nothingRuns, openTerminal, running, WRONG } from '../support/editors.mjs';
import { KEY } from '../support/machine.mjs';

/** ALE as Debian has it. */
const FOR_TESTS = `
set nocompatible noswapfile nomore viminfo= signcolumn=yes number
filetype plugin on
syntax on
set runtimepath+=/usr/share/vim-ale
`;

/**
 * @param {import('node:test').TestContext} t
 * @param {{ mute?: boolean, file?: string, faults?: string[] }} [options] the file of the package to open; what the
 * sandbox does wrong
 */
async function open(t, { mute, file = 'extension.yaml', faults = [] } = {}) {
  const machine = await editorMachine(t, { mute });
  const server = await machine.sandbox(t, ['--token', KEY, ...faults]);
  machine.env.KSEXT_SERVER = server;
  const manifest = await brokenPackage(machine);
  await configure(machine, '.vimrc', FOR_TESTS, await fromReadme('Vim (ALE)', 'vim'));
  const terminal = await openTerminal(t, machine, ['vim', join(manifest, '..', file)]);
  await terminal.shows(`${file}" `);
  return { machine, server, manifest, terminal, vim: new Vim(machine, terminal) };
}

class Vim {
  /**
   * @param {import('../support/machine.mjs').Machine} machine
   * @param {import('../support/terminal.mjs').Terminal} terminal
   */
  constructor(machine, terminal) {
    this.machine = machine;
    this.terminal = terminal;
  }

  /** @param {string} command */
  async run(command) {
    await this.terminal.type(`:${command}`);
    await this.terminal.press('Enter');
  }

  /**
   * The value of an expression.
   * @param {string} expression
   */
  async ask(expression) {
    const answer = join(this.machine.home, 'answer');
    await configure(this.machine, 'answer', '');
    await this.run(`silent call writefile([json_encode(${expression})], ${JSON.stringify(answer)})`);
    return JSON.parse(await eventually(() => readFile(answer, 'utf8'), 'Vim answers'));
  }

  /** What ALE lists, once it lists something. @param {number} [patience] in milliseconds */
  async findings(patience) {
    return eventually(async () => {
      const found = await this.ask('ale#engine#GetLoclist(bufnr())');
      return found.length > 0 && found;
    }, 'ALE lists findings', patience);
  }
}

test('a finding stands at its place behind Chinese text and an emoji', async (t) => {
  const { vim, terminal } = await open(t);
  const [found, ...others] = await vim.findings();
  assert.deepEqual([found.lnum, found.code, others], [WRONG.line, 'unknown-key', []]);
  const marked = `strpart(getline(${found.lnum}), ${found.col - 1}, ${found.end_col - found.col + 1})`;
  assert.equal(await vim.ask(marked), WRONG.key);
  await vim.run('lfirst');
  await terminal.shows(WRONG.message);
});

test('a server that says nothing shows nothing', async (t) => {
  const { vim, machine } = await open(t, { mute: true });
  await eventually(async () => (await running(machine)).some(({ command }) => command.includes('ksext lsp')), 'the server runs');
  await assert.rejects(vim.findings(2_000), /ALE lists findings/);
});

test('other YAML is left alone', async (t) => {
  const { vim, machine } = await open(t, { file: 'values.yaml' });
  assert.equal(await vim.ask('&filetype'), 'yaml');
  assert.deepEqual(await vim.ask("ale#engine#IsCheckingBuffer(bufnr())"), 0);
  assert.deepEqual((await running(machine)).filter(({ command }) => command.includes('ksext lsp')), []);
});

test('a fix is chosen from the menu and saved', async (t) => {
  const { vim, terminal, manifest } = await open(t);
  await vim.findings();
  await vim.run(`call search('${WRONG.entry}')`);
  await vim.run('ALECodeAction');
  await terminal.shows(WRONG.fix);
  const number = /(\d+)\) Rename to `email`/.exec(await terminal.screen())?.[1];
  await terminal.shoot('vim-fix');
  await terminal.type(String(number));
  await terminal.press('Enter');
  await terminal.shows('email: contact@example.com}');
  await vim.run('write');
  await eventually(async () => (await readFile(manifest, 'utf8')).includes('示例🚀公司, email: contact'), 'the fix is saved');
});

test('a field is explained, and followed to what it names', async (t) => {
  const { vim, terminal } = await open(t);
  await vim.findings();
  await vim.run("call search('^category')");
  await vim.run('ALEHover');
  await terminal.shows('The heading under which');
  await terminal.press('Escape');
  await vim.run("call search('enabled')");
  await vim.run('ALEGoToDefinition');
  await terminal.shows('values.yaml"');
});

test('a key is completed', async (t) => {
  const { vim, terminal } = await open(t);
  await vim.findings();
  await vim.run('setlocal omnifunc=ale#completion#OmniFunc');
  await vim.run("call search('^installationMode')");
  await terminal.type('cc');
  await terminal.type('inst');
  await terminal.press('C-x', 'C-o');
  await terminal.shows(/^.*\d+ installationMode/m);
});

test('a condition is renamed in all files', async (t) => {
  const { vim, terminal, manifest } = await open(t);
  await vim.findings();
  await vim.run('set hidden');
  await vim.run("call search('enabled')");
  await vim.run('ALERename');
  await terminal.shows('New name:');
  await terminal.press('C-u');
  await terminal.type('wanted');
  await terminal.press('Enter');
  await terminal.shows('condition: backend.wanted');
  await vim.run('wall');
  await eventually(async () => (await readFile(join(manifest, '../values.yaml'), 'utf8')).includes('wanted: true'), 'it is renamed');
});

test('a package goes from sign-in to the Marketplace, in a terminal of Vim', async (t) => {
  const { machine, server, vim, terminal } = await open(t);
  await vim.findings();
  await vim.run('Ksext login');
  await terminal.shows(/key/i);
  await terminal.type(KEY);
  await terminal.press('Enter');
  await terminal.shows(`logged in to ${server}`);
  assert.equal((await terminal.screen()).includes(KEY), false);
  await vim.run('quit');
  await vim.run('Ksext push');
  await terminal.shows('[y/N]');
  await terminal.type('y');
  await terminal.press('Enter');
  await terminal.shows(/pushed demo 0\.1\.0/);
  await vim.run('quit');
  await approve(machine, server, 'demo');
  await vim.run('Ksext get');
  await terminal.shows('active');
  await vim.run('quit');
  await vim.run('Ksext diff');
  await terminal.shows(/0\.1\.0/);
  await vim.run('quit');
});

test('a push tells what it does, and is stopped', async (t) => {
  const { machine, server, vim, terminal } = await open(t, { faults: ['--fault', 'package:hang'] });
  await machine.logIn(server);
  await vim.findings();
  await vim.run('Ksext push');
  await terminal.shows('[y/N]');
  await terminal.type('y');
  await terminal.press('Enter');
  await terminal.shows('uploading the package');
  await terminal.press('C-c');
  await terminal.shows('cancelled');
});

test('size, what would be published, and health are told in a terminal of Vim', async (t) => {
  const { vim, terminal } = await open(t);
  for (const [words, expected] of [
    ['size', /Left out/],
    ['preview', /Chart\.yaml/],
    ['doctor', /messages in `en`/],
  ]) {
    await vim.run(`Ksext ${words}`);
    await terminal.shows(/** @type {RegExp} */ (expected));
    await vim.run('quit!');
  }
});

test(':Ksext tells what keeps it from running', async (t) => {
  const { vim, terminal } = await open(t);
  await vim.run('call setline(1, "# changed")');
  await vim.run('Ksext push');
  await terminal.shows('ksext: this buffer holds unsaved changes; save them first');
  await vim.run('undo');
  await vim.run('Ksext size');
  await terminal.shows(/Left out/);
  // In the window of a run, the same package is meant.
  await vim.run('cd /');
  await vim.run('Ksext check');
  await terminal.shows(/demo 0\.1\.0: /);
  await vim.run('quit!');
  await vim.run('let g:ale_yaml_ksext_executable = "no-such-ksext"');
  await vim.run('Ksext size');
  await terminal.shows('ksext: there is no program `no-such-ksext`; install it');
});

test('all that :Ksext proposes is there', async (t) => {
  const { vim, machine } = await open(t);
  const proposed = await vim.ask("getcompletion('Ksext ', 'cmdline')");
  assert.ok(proposed.length > 10, proposed.join());
  for (const word of proposed) await machine.ok([word, '--help']);
});

test('nothing runs any more after the end', async (t) => {
  const { machine, vim, terminal } = await open(t);
  await vim.findings();
  await vim.run('quitall!');
  await terminal.ended();
  await nothingRuns(machine);
});
