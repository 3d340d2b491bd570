/** The extension as the editor's API sees it; what runs in the extension host is in `host/`. */

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Code, closeBrowser } from '../support/code.mjs';
import { Machine } from '../support/machine.mjs';

after(closeBrowser);

test('in a folder with packages', async (t) => {
  const machine = await Machine.new(t);
  const code = await Code.start(t, machine, { host: true });
  await code.runInHost(t, await machine.package('demo', 'demo'), 'package.cjs');
});

test('in Chinese', async (t) => {
  const machine = await Machine.new(t);
  const code = await Code.start(t, machine, { host: true, language: 'zh-cn' });
  await code.runInHost(t, await machine.package('demo', 'demo'), 'chinese.cjs');
});

test('in a folder without any', async (t) => {
  const machine = await Machine.new(t);
  const folder = join(machine.home, '别的');
  await mkdir(folder);
  const code = await Code.start(t, machine, { host: true });
  const results = await code.hostResults(folder, 'plain.cjs');
  const failed = results.filter(({ error }) => error);
  assert.deepEqual(failed.map(({ name }) => name), ['a test that fails is told'], JSON.stringify(failed));
});
