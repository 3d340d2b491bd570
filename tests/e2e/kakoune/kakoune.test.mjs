/** Kakoune with kakoune-lsp, set up as editors/README.md says. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { approve, brokenPackage, configure, editorMachine, eventually, fromReadme, nothingRuns, openTerminal, running, WRONG } from '../support/editors.mjs';
import { KEY } from '../support/machine.mjs';

/** What comes with Kakoune, such as the colours of YAML. */
const AUTOLOAD = '/usr/share/kak/autoload';

class Kakoune {
  /**
   * @param {import('../support/machine.mjs').Machine} machine
   * @param {import('../support/terminal.mjs').Terminal} terminal
   */
  constructor(machine, terminal) {
    this.machine = machine;
    this.terminal = terminal;
  }

  /**
   * Runs a command in the window that is shown. Typing it takes an Escape first, which together with the colon may be
   * taken for Alt and a colon.
   * @param {string} command
   */
  async run(command) {
    const kak = execFile('kak', ['-p', 'test'], { env: this.machine.env });
    kak.stdin?.end(`evaluate-commands -client client0 %§${command}§`);
    await once(kak, 'close');
  }

  /**
   * What a string expands to, in the window that is shown.
   * @param {string} expansion
   */
  async ask(expansion) {
    const answer = join(this.machine.home, 'answer');
    await configure(this.machine, 'answer', '');
    await this.run(`echo -to-file ${answer} -- "answer ${expansion}"`);
    const text = await eventually(() => readFile(answer, 'utf8'), 'Kakoune answers');
    return text.trim().replace(/^answer ?/, '');
  }

  /** The ranges that findings mark, as `LINE.BYTE,LINE.BYTE`, once there are some. @param {number} [patience] in milliseconds */
  async findings(patience) {
    const marked = async () => [...(await this.ask('%opt{lsp_inline_diagnostics}')).matchAll(/(\d+\.\d+,\d+\.\d+)\|/g)];
    const found = await eventually(async () => {
      const ranges = await marked();
      return ranges.length > 0 && ranges;
    }, 'Kakoune marks findings', patience);
    return found.map((range) => range[1]);
  }
}

/**
 * @param {import('node:test').TestContext} t
 * @param {{ mute?: boolean, file?: string, settings?: string }} [options] the file of the package to open
 */
async function open(t, { mute, file = 'extension.yaml', settings = '' } = {}) {
  const machine = await editorMachine(t, { mute, programs: 'kakoune' });
  const server = await machine.sandbox(t, ['--token', KEY]);
  machine.env.KSEXT_SERVER = server;
  const manifest = await brokenPackage(machine);
  await configure(machine, '.config/kak/kakrc', await fromReadme('Kakoune', 'kak'), settings);
  await symlink(AUTOLOAD, join(machine.home, '.config', 'kak', 'autoload'));
  const terminal = await openTerminal(t, machine, ['kak', '-s', 'test', join(manifest, '..', file)]);
  await terminal.shows(`${file} `);
  return { machine, server, manifest, terminal, kakoune: new Kakoune(machine, terminal) };
}

test('a finding stands at its place behind Chinese text and an emoji', async (t) => {
  const { kakoune, terminal } = await open(t);
  const [range, ...others] = await kakoune.findings();
  assert.deepEqual(others, []);
  await kakoune.run(`select ${range}`);
  assert.equal(await eventually(() => kakoune.ask('%val{selection}').then((it) => it.length > 1 && it), 'it is selected'), WRONG.key);
  assert.equal(await kakoune.ask('%val{cursor_line}'), String(WRONG.line));
  // In the middle, with room for the box below.
  await kakoune.run('execute-keys vv');
  await kakoune.run('lsp-hover');
  await terminal.shows(WRONG.message);
  await terminal.shoot('kakoune-hover');
});

test('a server that says nothing shows nothing', async (t) => {
  const { kakoune, machine } = await open(t, { mute: true });
  await eventually(async () => (await running(machine)).some(({ command }) => command.includes('ksext lsp')), 'the server runs');
  await assert.rejects(kakoune.findings(2_000), /Kakoune marks findings/);
});

test('other YAML is left alone', async (t) => {
  const { kakoune } = await open(t, { file: 'values.yaml' });
  assert.equal(await kakoune.ask('%opt{filetype}'), 'yaml');
  assert.ok(!(await kakoune.ask('%opt{lsp_servers}')).includes('ksext'));
});

test('a fix is chosen from the menu and saved', async (t) => {
  const { kakoune, terminal, manifest } = await open(t);
  const [range] = await kakoune.findings();
  await kakoune.run(`select ${range}`);
  await kakoune.run('lsp-code-actions');
  await terminal.shows(WRONG.fix);
  await terminal.shoot('kakoune-fix');
  await terminal.type('Rename');
  await terminal.hides('Show review status');
  await terminal.press('Tab', 'Enter');
  await terminal.shows('email: contact@example.com}');
  await kakoune.run('write');
  await eventually(async () => (await readFile(manifest, 'utf8')).includes('示例🚀公司, email: contact'), 'the fix is saved');
});

test('safe fixes are made when the file is saved', async (t) => {
  const settings = await fromReadme('Kakoune', 'kak', 1);
  const { kakoune, terminal, manifest } = await open(t, { settings });
  await kakoune.findings();
  await kakoune.run("execute-keys '%%sdisplayName<ret>cdisplayname<esc>gg'");
  await terminal.shows(/^.displayname:/m);
  await kakoune.run('write');
  await eventually(async () => /^displayName:/m.test(await readFile(manifest, 'utf8')), 'the fix is saved');
});

test('a package goes from sign-in to the Marketplace', async (t) => {
  const { machine, server, kakoune, terminal } = await open(t);
  await kakoune.findings();
  await kakoune.run('ksext-login');
  await terminal.shows('API key:');
  await terminal.type(KEY);
  assert.equal((await terminal.screen()).includes(KEY), false);
  await terminal.press('Enter');
  await terminal.shows(`logged in to ${server}`);

  await kakoune.run('ksext-push');
  await terminal.shows(/Push `demo` 0\.1\.0/);
  await terminal.shoot('kakoune-push');
  await terminal.type('Push');
  await terminal.press('Tab', 'Enter');
  await terminal.shows('pushed demo 0.1.0');
  await approve(machine, server, 'demo');
  await kakoune.run('ksext-status');
  await terminal.shows('0.1.0 is active');
  await kakoune.run('ksext-diff');
  await terminal.shows('demo 0.1.0 against 0.1.0');
  await kakoune.run('ksext-size');
  await terminal.shows('push would send');
});

test('a key is completed, and followed to what it names', async (t) => {
  const { kakoune, terminal } = await open(t);
  await kakoune.findings();
  await kakoune.run('execute-keys /condition:\\h*backend.enabled<ret>h');
  await kakoune.run('lsp-definition');
  await terminal.shows('values.yaml ');
  await kakoune.run('buffer 示例/extension.yaml');
  await kakoune.run('select 3.1,3.1');
  // On a line of its own.
  await terminal.type('oexternal');
  await terminal.shows('externalDependencies');
});

test('a condition is renamed in all files', async (t) => {
  const { kakoune, terminal, manifest } = await open(t);
  await kakoune.findings();
  await kakoune.run('execute-keys /enabled<ret>');
  await kakoune.run('lsp-rename wanted');
  await terminal.shows('condition: backend.wanted');
  await eventually(async () => (await readFile(join(manifest, '../values.yaml'), 'utf8')).includes('wanted: true'), 'it is renamed');
});

test('a lens is chosen from a menu', async (t) => {
  const { kakoune, terminal } = await open(t);
  await kakoune.findings();
  await kakoune.run('select 4.1,4.1');
  await kakoune.run('lsp-code-lens');
  await terminal.shows('Log in to KubeSphere Cloud');
});

test('nothing runs any more after the end', async (t) => {
  const { machine, kakoune, terminal } = await open(t);
  await kakoune.findings();
  await kakoune.run('quit!');
  await terminal.ended();
  await nothingRuns(machine);
});
