/** The archive of this system, and what describes it. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Machine, program, temporaryFolder } from '../support/machine.mjs';
import { CHECKS, DIST, VERSION, archive, file, files, ok } from './release.mjs';

test('the archive holds the program and what belongs to it', async (t) => {
  const folder = await temporaryFolder(t);
  await ok('tar', ['-xzf', join(DIST, archive()), '-C', folder]);
  const root = join(folder, archive().replace('.tar.gz', ''));
  const listed = await ok('tar', ['-tvzf', join(DIST, archive()), '--numeric-owner', '--utc']);
  const entries = listed.trim().split('\n').map((line) => line.split(/\s+/));
  const names = entries.map((words) => words.at(-1)?.replace(/^[^/]+\//, ''));
  assert.deepEqual(names, [
    'LICENSE',
    'README.md',
    'README_zh.md',
    'THIRD-PARTY-NOTICES.txt',
    'completions/_ksext',
    'completions/ksext.bash',
    'completions/ksext.elv',
    'completions/ksext.fish',
    'completions/ksext.ps1',
    'ksext',
    'man/ksext.1',
  ]);
  for (const [mode, owner, , date] of entries) {
    assert.equal(owner, '0/0');
    assert.equal(date, '1980-01-01');
    assert.match(mode, /^-rw[-x]r-[-x]r-[-x]$/);
  }
  assert.ok(readFileSync(join(root, 'ksext')).equals(readFileSync(program())));
  const machine = await Machine.new(t);
  assert.equal(await ok(join(root, 'ksext'), ['--version'], { env: machine.env }), `ksext ${VERSION}\n`);
  assert.match(readFileSync(join(root, 'man/ksext.1'), 'utf8'), /^\.TH ksext 1/m);
  assert.match(readFileSync(join(root, 'completions/ksext.bash'), 'utf8'), /complete .*ksext/);
});

test('the notices have the texts of the licences', async () => {
  const notices = await ok('tar', ['-xOzf', join(DIST, archive()), '--wildcards', '*/THIRD-PARTY-NOTICES.txt']);
  for (const wanted of ['tokio ', 'ring ', 'rustls ', 'musl', 'Rust standard library', 'Apache License', 'Permission is hereby granted']) {
    assert.ok(notices.includes(wanted), wanted);
  }
  const listed = [...notices.matchAll(/^(\S+ \d\S*): .+ <.*>$/gm)].map(([, name]) => name);
  assert.ok(listed.length > 100, `${listed.length} crates`);
  const [, ...sections] = notices.split(`${'-'.repeat(80)}\n`);
  const named = new Set(sections.flatMap((section) => section.split('\n')[0].split(', ')));
  for (const name of listed) assert.ok(named.has(name), `${name} has no text`);
});

test('SHA256SUMS names every file, and is right', async () => {
  const sums = readFileSync(join(DIST, 'SHA256SUMS'), 'utf8').trim().split('\n');
  const named = sums.map((line) => line.split('  ')[1]);
  assert.deepEqual(named, files().filter((name) => name !== 'SHA256SUMS').sort());
  await ok('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: DIST });
});

test('the list of components is a valid one, and has what the program has', async () => {
  const path = join(DIST, 'ksext.cdx.json');
  const python = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(error and str(error))`;
  await ok(join(CHECKS, 'python'), ['-c', python, path]);
  const { components, dependencies, metadata } = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(metadata.component.version, VERSION);
  const names = components.map((/** @type {any} */ it) => it.name);
  for (const wanted of ['tokio', 'rustls', 'ksext-core']) assert.ok(names.includes(wanted), wanted);
  for (const unwanted of ['proptest', 'expect-test', 'serde_derive']) assert.ok(!names.includes(unwanted), unwanted);
  const known = new Set(dependencies.map((/** @type {any} */ it) => it.ref));
  for (const { ref, dependsOn } of dependencies) {
    for (const on of dependsOn) assert.ok(known.has(on), `${ref} needs ${on}`);
  }
});

test('the wheel records what is in it', async (t) => {
  const folder = await temporaryFolder(t);
  await ok('python3', ['-m', 'zipfile', '-e', join(DIST, file(/\.whl$/)), folder]);
  const record = readFileSync(join(folder, `ksext-${VERSION}.dist-info`, 'RECORD'), 'utf8');
  const rows = record.trim().split('\n').map((line) => line.split(','));
  assert.equal(rows.length, 6);
  for (const [path, hash, size] of rows.filter(([, hash]) => hash)) {
    const bytes = readFileSync(join(folder, path));
    assert.equal(`sha256=${createHash('sha256').update(bytes).digest('base64url')}`, hash, path);
    assert.equal(String(bytes.length), size, path);
  }
});
