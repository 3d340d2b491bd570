/** The workflows, seen through the tools that look for mistakes and dangers in them. */

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';

import { temporaryFolder } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { CHECKS, ok, run } from './release.mjs';

const WORKFLOWS = join(ROOT, '.github', 'workflows');

/** The workflows by their names. */
function workflows() {
  const names = readdirSync(WORKFLOWS).filter((name) => name.endsWith('.yml'));
  assert.ok(names.length > 1);
  return names.map((name) => ({ name, text: readFileSync(join(WORKFLOWS, name), 'utf8') }));
}

test('zizmor finds nothing, as a strict auditor', async () => {
  // The list of known weaknesses would have to be fetched.
  await ok(join(CHECKS, 'zizmor'), ['--offline', '--no-progress', '--persona', 'auditor', WORKFLOWS]);
});

test('actionlint finds nothing', async (t) => {
  const there = await run('actionlint', ['--version']).catch(() => undefined);
  if (!there) return t.skip('actionlint is not on the PATH');
  await ok('actionlint', workflows().map(({ name }) => join(WORKFLOWS, name)));
});

test('the release is built on runners for every target', async () => {
  const list = readFileSync(join(ROOT, 'server/xtask/src/dist/targets.rs'), 'utf8');
  const targets = [...list.matchAll(/^ {8}triple: "(.+)",$/gm)].map(([, triple]) => triple);
  assert.ok(targets.length >= 5);
  const release = workflows().find(({ name }) => name === 'release.yml')?.text ?? '';
  for (const target of targets) {
    assert.ok(release.includes(`--target ${target}`), `${target} is not built`);
    assert.match(release, new RegExp(`archive: ksext-${target}\\.(tar\\.gz|zip)\n`), `${target} is not tried`);
  }
});

/** The script of a step. @param {string} workflow @param {string} step */
function script(workflow, step) {
  const text = workflows().find(({ name }) => name === workflow)?.text ?? '';
  const lines = text.split(`- name: ${step}\n`)[1]?.match(/^ {8}run: \|\n((?: {10}.*\n|\n)+)/m)?.[1];
  assert.ok(lines, `${workflow} has no step "${step}"`);
  return lines.replaceAll(/^ {10}/gm, '');
}

/** Runs a script as a step does, with programs of this name that do what a few lines of shell say.
 * @param {import('node:test').TestContext} t @param {string} lines @param {Record<string, string>} programs @param {NodeJS.ProcessEnv} env */
async function step(t, lines, programs, env) {
  const folder = await temporaryFolder(t);
  for (const [name, does] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
  const path = `${folder}:${process.env.PATH}`;
  return run('bash', ['-e', '-c', lines], { cwd: folder, env: { ...env, PATH: path } });
}

test('packages that npm has are left out when its job is run again, and the one that people install comes last', async (t) => {
  const lines = script('release.yml', 'Publish');
  // Three packages with what they are called inside; npm has one in this version, one in another, one not at all.
  const pack = (/** @type {string} */ name, /** @type {string} */ file) =>
    `mkdir -p package dist && printf '{"name":"${name}","version":"1.2.3"}' >package/package.json && tar -czf dist/${file} package`;
  const packed = [
    pack('ksext', 'ksext-1.2.3.tgz'),
    pack('@ksext/linux-x64', 'ksext-linux-x64-1.2.3.tgz'),
    pack('@ksext/win32-x64', 'ksext-win32-x64-1.2.3.tgz'),
  ].join('\n');
  const npm = 'case "$1 $2" in "view @ksext/linux-x64@1.2.3") echo 1.2.3 ;; "view ksext@1.2.3") ;; view*) exit 1 ;; publish*) echo "sent $2" ;; esac';
  const { code, stdout, stderr } = await step(t, `${packed}\n${lines}`, { npm }, { GITHUB_REF_NAME: 'v1.2.3' });
  assert.equal(code, 0, stderr);
  assert.deepEqual(stdout.trim().split('\n'), [
    '@ksext/linux-x64@1.2.3 is there already',
    'sent ./dist/ksext-win32-x64-1.2.3.tgz',
    'sent ./dist/ksext-1.2.3.tgz',
  ]);
  const fails = await step(t, `${packed}\n${lines}`, { npm: 'test "$1" = view' }, { GITHUB_REF_NAME: 'v1.2.3' });
  assert.notEqual(fails.code, 0);
});

test('nothing is released of a commit for which CI has not passed', async (t) => {
  const lines = script('release.yml', 'Ask for the commit of the tag, on main');
  for (const [gh, passes] of /** @type {[string, boolean][]} */ ([
    ['echo 1', true],
    ['echo 0', false],
    ['exit 1', false],
  ])) {
    const { code } = await step(t, lines, { gh }, { GITHUB_SHA: '0'.repeat(40) });
    assert.equal(code === 0, passes, gh);
  }
});

test('deny.toml looks at the targets that are built', () => {
  const deny = readFileSync(join(ROOT, 'deny.toml'), 'utf8');
  const list = readFileSync(join(ROOT, 'server/xtask/src/dist/targets.rs'), 'utf8');
  const [named, built] = [deny.match(/^targets = \[([^\]]+)\]/m)?.[1] ?? '', list];
  const triples = (/** @type {string} */ text) => [...text.matchAll(/"([a-z0-9_]+-[a-z]+-[a-z]+(?:-[a-z]+)?)",$/gm)].map(([, it]) => it);
  assert.deepEqual(triples(named).sort(), triples(built.match(/TARGETS[\s\S]*?\n\];/)?.[0] ?? '').filter((it) => !it.startsWith('linux') && it.split('-').length > 2).sort());
});

test('actions are those of a release, by its commit', () => {
  for (const { name, text } of workflows()) {
    for (const [line] of text.matchAll(/^.*uses: .*$/gm)) {
      assert.match(line, /uses: (\S+\/\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\S*)$/, `${name}: ${line}`);
    }
  }
});
