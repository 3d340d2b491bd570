/** For which files the language server is started. */

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Machine } from '../support/machine.mjs';
import { play } from './neovim.mjs';

/** The beginning of Dynatrace's extension.yaml. */
const DYNATRACE = 'name: custom:example\nversion: 1.0.0\nminDynatraceVersion: "1.270"\nauthor:\n  name: Example\n';

test('one server looks at the packages of a repository and at nothing else', async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  await machine.package('中文 包', 'demo');
  await machine.package('$HOME of [a]', 'demo');
  await machine.package('firebase', 'foreign', { 'values.yaml': '', 'charts/a/Chart.yaml': 'name: a\n' });
  await mkdir(join(machine.home, '.git'));
  const files = {
    'dynatrace/extension.yaml': DYNATRACE,
    'template/Chart.yaml': 'name: t\n',
    'template/templates/extension.yaml': 'ksVersion: ">=4.0.0"\n',
    'plain/values.yaml': 'a: 1\n',
    'plain/README.md': '# A\n',
    'json/extension.yaml': '{"name": "j", "provider": {}}\n',
    '.ksext.yaml': 'lang: en\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(machine.home, path, '..'), { recursive: true });
    await writeFile(join(machine.home, path), text);
  }

  const expected = {
    'demo/values.yaml': true,
    'demo/permissions.yaml': true,
    'demo/README.md': true,
    'demo/charts/backend/values.yaml': true,
    'demo/charts/backend/templates/service.yaml': false,
    '中文 包/extension.yaml': true,
    '$HOME of [a]/values.yaml': true,
    'json/extension.yaml': true,
    '.ksext.yaml': true,
    'firebase/extension.yaml': false,
    'firebase/values.yaml': false,
    'firebase/charts/a/Chart.yaml': false,
    'firebase/README.md': false,
    'dynatrace/extension.yaml': false,
    'template/templates/extension.yaml': false,
    'plain/values.yaml': false,
    'plain/README.md': false,
  };
  const inHome = (/** @type {string} */ path) => join(machine.home, path);
  const report = await play(t, machine, 'attach', {
    arguments: { first: inHome('demo/extension.yaml'), files: Object.keys(expected).map(inHome) },
  });
  const attached = Object.fromEntries(Object.keys(expected).map((path) => [path, report.attached[inHome(path)]]));
  assert.deepEqual(attached, expected);
  assert.equal(report.servers, 1);
  assert.equal(report.root, machine.home);
  assert.deepEqual(report.messages, []);
});

test('without a repository the package is the workspace', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const first = join(folder, 'extension.yaml');
  const report = await play(t, machine, 'attach', { arguments: { first, files: [] } });
  assert.equal(report.root, folder);
});

test('a manifest that is begun is looked at once it is known to be ours', async (t) => {
  const machine = await Machine.new(t);
  await mkdir(join(machine.home, 'new'));
  const { empty, foreign, ours } = await play(t, machine, 'becomes_ours');
  assert.deepEqual({ empty, foreign, ours }, { empty: false, foreign: false, ours: true });
});

test('the plugin may be loaded after the files', async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  const { attached } = await play(t, machine, 'late');
  assert.equal(attached, 2);
});

test('who starts language servers by hand can', async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  const { before, after } = await play(t, machine, 'disabled');
  assert.deepEqual({ before, after }, { before: 0, after: 1 });
});

test('options come from a function, settings from it and from `vim.lsp.config`', async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  const { message, severity, lenses, hints, windows } = await play(t, machine, 'options');
  assert.match(message, /[\u4e00-\u9fff]/);
  assert.deepEqual({ severity, lenses, hints, windows }, { severity: 4, lenses: 0, hints: true, windows: 'row' });
});

test('options that cannot be used are told, and break nothing', async (t) => {
  const machine = await Machine.new(t);
  const server = await machine.sandbox(t);
  const report = await play(t, machine, 'bad_options', { env: { KSEXT_SERVER: server } });
  for (const [name, told] of Object.entries({
    text: /WARNING `vim\.g\.ksext` must be a table of options, or a function that returns one: "ksext"/,
    empty: /WARNING `vim\.g\.ksext\.cmd` must be a string\[\]/,
    number: /WARNING `vim\.g\.ksext\.cmd` must be a string\[\]/,
    failing: /WARNING `vim\.g\.ksext` must be .*: .*that fails/,
    lang: /OK ksext \d/,
  })) {
    assert.match(report.health[name], told);
    assert.doesNotMatch(report.health[name], /Failed to run healthcheck/, name);
  }
  assert.equal(report.lenses, true);
  assert.deepEqual(report.kept, { lenses: 5 });
  assert.equal(report.windows, 2);
  assert.match(report.messages.join('\n'), /opens no window: E492: Not an editor command: NoSuchCommand/);
});

test('a program that is missing is told in packages alone', async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  await writeFile(join(machine.home, 'notes.yaml'), 'a: 1\n');
  const report = await play(t, machine, 'no_program');
  assert.deepEqual(report.elsewhere, []);
  assert.match(report.first, /there is no program `no-such-ksext`; install ksext/);
  const [push, ...others] = report.told;
  assert.match(push, /does not run for this buffer; `:KsextRestart` starts it/);
  for (const told of others) assert.match(told, /^there is no program `no-such-ksext`; install ksext/);
  assert.equal(others.length, 3);
  assert.match(report.not_executable, /notes\.yaml` cannot be executed; install ksext/);
  assert.equal(report.windows, 1);
});
