/** Findings, fixes, completion and hover in a manifest with Chinese text. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { Machine } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { play } from './neovim.mjs';

/** Behind Chinese text and an emoji, on one line: columns differ in every encoding. */
const LINE = '  zh: {name: 示例公司🚀, emial: contact@example.com, url: "https://example.com"}';

/** @param {import('node:test').TestContext} t */
async function machineWithTypo(t) {
  const machine = await Machine.new(t);
  const demo = await readFile(join(ROOT, 'tests/fixtures/demo/extension.yaml'), 'utf8');
  const block = /  zh:\n    name: 示例公司\n    email: .*\n    url: .*\n/;
  assert.match(demo, block);
  const folder = await machine.package('demo', 'demo', { 'extension.yaml': demo.replace(block, `${LINE}\n`) });
  return { machine, manifest: join(folder, 'extension.yaml') };
}

for (const encoding of [undefined, 'utf-16', 'utf-32']) {
  test(`a finding stands at its bytes, is fixed on the disk, and fields explain themselves (${encoding ?? 'utf-8'})`, async (t) => {
    const { machine, manifest } = await machineWithTypo(t);
    const report = await play(t, machine, 'findings', {
      arguments: { rule: 'unknown-key', fix: '`email`', encoding },
    });
    assert.equal(report.encoding, encoding ?? 'utf-8');
    assert.equal(report.underlined, 'emial');
    const column = Buffer.byteLength(LINE.slice(0, LINE.indexOf('emial')));
    assert.deepEqual(report.finding.from[1], column);
    assert.equal(report.finding.source, 'ksext');
    assert.match(report.finding.message, /emial/);
    assert.ok((await readFile(manifest, 'utf8')).includes(LINE.replace('emial', 'email')));
    assert.deepEqual(report.proposals.sort(), ['HostOnly', 'Multicluster']);
    assert.match(report.hover, /installationMode/);
  });
}

test('a server that finds nothing does not pass', async (t) => {
  const { machine } = await machineWithTypo(t);
  const mute = fileURLToPath(new URL('../support/mute.mjs', import.meta.url));
  const played = play(t, machine, 'findings', {
    arguments: { rule: 'unknown-key', fix: '`email`' },
    env: { KSEXT_E2E_CMD: JSON.stringify([process.execPath, mute]), KSEXT_E2E_PATIENCE: '1500' },
  });
  await assert.rejects(played, /waited in vain for a finding/);
});
