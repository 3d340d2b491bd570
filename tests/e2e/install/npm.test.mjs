/** The packages of npm, installed from a registry on this machine. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { eventually, running } from '../support/editors.mjs';
import { Machine } from '../support/machine.mjs';
import { VERSION, ok, registry, run } from './release.mjs';

/** A project with the package. @param {import('node:test').TestContext} t @param {string[]} [options] of npm */
async function project(t, options = []) {
  const machine = await Machine.new(t);
  const { base, asked } = await registry(t);
  const env = { ...machine.env, npm_config_registry: base, npm_config_update_notifier: 'false' };
  Object.assign(machine, { env });
  writeFileSync(join(machine.home, 'package.json'), '{"private": true}');
  const cwd = machine.home;
  await ok('npm', ['install', '--no-audit', '--no-fund', '--save-dev', ...options, 'ksext'], { env, cwd });
  return { machine, asked, npx: (/** @type {string[]} */ ...args) => run('npx', ['--no-install', 'ksext', ...args], { env, cwd }) };
}

test('the program runs, and ends as it ends', async (t) => {
  const { machine, asked, npx } = await project(t);
  assert.deepEqual(await npx('--version'), { code: 0, stdout: `ksext ${VERSION}\n`, stderr: '' });
  assert.equal((await npx('no-such-command')).code, 2);
  assert.equal((await npx('check', 'not-there')).code, 3);
  // What server/packaging/npm/README.md says.
  const package_ = await machine.package('demo', 'demo');
  assert.match((await npx('check', package_)).stdout, /^demo 0\.1\.0: no findings/m);
  // One program is fetched, of the system.
  assert.equal(asked.filter((path) => path.startsWith('/-/')).length, 2, asked.join(' '));

  const wrapper = join(machine.home, 'node_modules', '.bin', 'ksext');
  const child = spawn(wrapper, ['sandbox', '--port', '0'], { env: machine.env, cwd: machine.home });
  t.after(() => child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
  await eventually(async () => (await running(machine)).length === 0, 'the program ends with what has started it');
});

test('without the package of the system, what to do is said', async (t) => {
  const { machine, npx } = await project(t, ['--omit=optional']);
  rmSync(join(machine.home, 'node_modules', '@ksext'), { recursive: true, force: true });
  const system = `${process.platform}-${process.arch}`;
  const { code, stderr } = await npx('--version');
  assert.equal(code, 3);
  assert.ok(stderr.startsWith(`ksext: the package @ksext/${system}, which holds the program`), stderr);
  assert.match(stderr, /npm install --include=optional ksext/);
  Object.assign(machine.env, { LANG: 'zh_CN.UTF-8' });
  assert.match((await npx('--version')).stderr, /^ksext: 未安装 @ksext\//);

  const other = join(machine.home, 'other.cjs');
  writeFileSync(other, "Object.defineProperty(process, 'platform', { value: 'sunos' });");
  const script = join(machine.home, 'node_modules', 'ksext', 'bin', 'ksext.js');
  const env = { ...machine.env, LANG: 'en_US.UTF-8' };
  const elsewhere = await run(process.execPath, ['--require', other, script, '--version'], { env });
  assert.equal(elsewhere.code, 3);
  assert.match(elsewhere.stderr, /there is no program for sunos-.*, only for (\S+, )*linux-x64, /);
});
