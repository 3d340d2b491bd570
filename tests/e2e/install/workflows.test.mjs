/** The workflows, seen through the tools that look for mistakes and dangers in them. */

import { readFileSync, readdirSync } from 'node:fs';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';

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
