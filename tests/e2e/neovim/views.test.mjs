/** What VS Code shows in panels, as buffers. */

import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Machine } from '../support/machine.mjs';
import { play } from './neovim.mjs';

/** @param {import('node:test').TestContext} t */
async function machineWithPackage(t) {
  const machine = await Machine.new(t);
  return { machine, folder: await machine.package('demo', 'demo') };
}

test('a package that becomes too large is told in the manifest, the status line and the size', async (t) => {
  const { machine, folder } = await machineWithPackage(t);
  const report = await play(t, machine, 'size');
  assert.match(report.before, /^demo 0\.1\.0\n\d\.\d KB of 1\.0 MB \(0\.\d %\), .* left\n▕.*▏ 21 entries, .* unpacked\n(.+\n)*\nBy folder\n/);
  assert.match(report.before, /\nUploaded on their own\n +271 B {2}icon {2}static\/favicon\.svg\n/);
  assert.match(report.before, /\nLeft out\n +271 B {2}static\/favicon\.svg {2}removed with `staticFileDirectory`\n/);
  assert.equal(report.finding.severity, 1);
  const [, projected, biggest] = /^demo 0\.1\.0\n(2\.0 MB) of 1\.0 MB \(20\d\.\d %\), .* over the limit\n(?:.*\n)*?What weighs most\n(.*)/.exec(report.after) ?? [];
  assert.equal(projected, '2.0 MB', report.after);
  assert.match(biggest, /^ +2\.0 MB +100 % █{15}.  大\.bin$/);
  assert.match(report.status, /2\.0 MB of 1\.0 MB$/);
  assert.ok(report.highlights.includes('KsextTooLarge'));
  assert.equal(report.opened, join(folder, 'README.md'));
});

test('preview, Marketplace and rules are buffers that follow what is typed', async (t) => {
  const { machine, folder } = await machineWithPackage(t);
  const report = await play(t, machine, 'views');
  assert.match(report.preview, /^# What push would publish of demo: 21 entries, \d\.\d KB\n/);
  assert.match(report.preview, /\n# extension\.yaml, as push writes it\n--- a\/extension\.yaml\n\+\+\+ b\/extension\.yaml\n@@/);
  assert.match(report.preview, /\n# +582 B {2}Chart\.yaml\n/);
  assert.equal(report.preview_filetype, 'diff');
  assert.match(report.published.name, /ksext:\/\/published\/demo\/extension\.yaml$/);
  assert.match(report.published.text, /^apiVersion: kubesphere\.io\/v1alpha1\n/);
  assert.equal(report.modifiable, false);
  assert.equal(report.closed, true);

  assert.match(report.marketplace, /^# Demo Extension · English\n\nShows the parts.*\n\n- \*\*Version\*\*: 0\.2\.0\n- \*\*Category\*\*: /m);
  assert.match(report.marketplace, /^# 示例扩展组件 · 中文\n\n展示一个/m);
  assert.match(report.marketplace, /^- \*\*Provider\*\*: Example Inc\. <contact@example\.com> <https:\/\/example\.com>$/m);
  assert.match(report.marketplace, /^- \*\*Requires\*\*: Kubernetes `>=1\.19\.0-0`, KubeSphere `>=4\.1\.0-0`$/m);
  assert.equal(report.marketplace_filetype, 'markdown');

  assert.match(report.rule, /^# missing-icon\n/);
  assert.ok(report.rules.includes('missing-icon') && report.rules.every((/** @type {string} */ rule) => rule.startsWith('missing-')));
  assert.match(report.packed, /demo-0\.1\.0\.tgz/);
  await access(join(machine.home, 'demo-0.1.0.tgz'));
  assert.match(await readFile(join(machine.home, 'new', 'extension.yaml'), 'utf8'), /^name: new$/m);
  assert.ok(report.commands.length >= 15, report.commands.join());
  await access(join(folder, 'extension.yaml'));
});

test('a package is compared with the version that was published', async (t) => {
  const { machine, folder } = await machineWithPackage(t);
  const server = await machine.sandbox(t, ['--review', 'approve']);
  await machine.logIn(server);
  await machine.ok(['push', folder, '--yes']);
  const manifest = join(folder, 'extension.yaml');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace('version: 0.1.0', 'version: 0.2.0'));
  await writeFile(join(folder, '新.md'), '新\n');
  const { diff } = await play(t, machine, 'diff');
  assert.match(diff, /^# demo 0\.2\.0 compared with 0\.1\.0 from http/);
  assert.match(diff, /\n-version: 0\.1\.0\n\+version: 0\.2\.0\n/);
  assert.match(diff, /\n# \+ 新\.md {2}4 B\n/);
});
