/** Where names lead, and what changes them. */

import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Machine } from '../support/machine.mjs';
import { play } from './neovim.mjs';

test('a dependency leads to its chart, and is renamed in all files', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const report = await play(t, machine, 'navigation');
  assert.equal(report.chart, true);
  assert.match(report.value, /enabled:/);
  await access(join(folder, 'charts', 'api', 'templates', 'service.yaml'));
  assert.match(await readFile(join(folder, 'charts', 'api', 'Chart.yaml'), 'utf8'), /^name: api$/m);
  assert.match(await readFile(join(folder, 'extension.yaml'), 'utf8'), /- name: api\n/);
});

test('safe fixes are made on saving', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const { shown } = await play(t, machine, 'fix_on_save');
  assert.ok(shown.includes('category: dev-tools # 开发者工具'));
  assert.equal(await readFile(join(folder, 'extension.yaml'), 'utf8'), `${shown.join('\n')}\n`);
});

test('the review stands behind the version as a hint', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  await machine.logIn(await machine.sandbox(t));
  await machine.ok(['push', folder, '--yes']);
  const { line, hint } = await play(t, machine, 'hint');
  assert.equal(line, 'version: 0.1.0');
  assert.match(hint, /submitted just now/);
});
