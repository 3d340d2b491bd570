/**
 * The schema of extension.yaml with the tools of others: what they say of a manifest is what ksext says of it. Where
 * `KSEXT_CORPUS` names the folder of a corpus, of the real and mutated manifests in it too.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { temporaryFolder } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { Ajv7, YamlLanguageServer, differences, ksext, nodeAt, schema } from './judges.mjs';
import { DIFFERENT, REFUSED, TAKEN, manifest } from './manifests.mjs';

const ajv = new Ajv7(schema('extension'));
const server = new YamlLanguageServer(schema('extension'));
const CORPUS = process.env.KSEXT_CORPUS;

/** @typedef {import('./judges.mjs').Complaint} Complaint */

/**
 * How the judges differ about each text, and how many could be compared.
 * @param {import('node:test').TestContext} t
 * @param {string[]} texts
 */
async function compare(t, texts) {
  const findings = await ksext(await temporaryFolder(t), texts);
  const all = [];
  let compared = 0;
  for (const [index, text] of texts.entries()) {
    const byAjv = ajv.judge(text);
    const found = { ajv: byAjv, yamlls: byAjv && (await server.judge(text)) };
    for (const [judge, complaints] of Object.entries(found)) {
      const different = differences(findings[index], complaints);
      if (!different) continue;
      compared += 1;
      const { schemaAlone, ksextAlone } = different;
      all.push(...schemaAlone.map((it) => ({ ...it, text: `${judge}: ${it.text}`, who: 'schema', manifest: text })));
      all.push(...ksextAlone.map((it) => ({ ...it, text: `not ${judge}: ${it.text}`, who: 'ksext', manifest: text })));
    }
  }
  return { different: all, compared: compared / 2 };
}

/**
 * Manifests of a kind of the corpus, unpacked.
 * @param {string} folder
 * @param {string} kind
 */
async function manifestsOf(folder, kind) {
  const entries = await readdir(join(folder, kind));
  const files = entries.map(async (name) => {
    const path = join(folder, kind, name);
    const file = (await stat(path)).isDirectory() ? join(path, 'extension.yaml') : path;
    return readFile(file, 'utf8').catch(() => []);
  });
  return (await Promise.all(files)).flat();
}

/** @param {import('node:test').TestContext} t */
async function unpackedCorpus(t) {
  const folder = await temporaryFolder(t);
  execFileSync('tar', ['-xzf', join(String(CORPUS), 'corpus.tar.gz'), '-C', folder]);
  return folder;
}

for (const name of ['extension', 'extension-by-content', 'settings']) {
  test(`ajv has no doubt about ${name}.schema.json in its strict mode`, () => {
    assert.deepEqual(new Ajv7(schema(name)).doubts, []);
  });
}

test('everybody is content with what may be written', async (t) => {
  const texts = TAKEN.map(manifest);
  for (const text of texts) {
    assert.deepEqual(ajv.judge(text), [], text);
    assert.deepEqual(await server.judge(text), [], text);
  }
  assert.deepEqual((await compare(t, texts)).different, []);
});

test('everybody sees the same places', async (t) => {
  const texts = REFUSED.map(([line]) => manifest(line));
  const findings = await ksext(await temporaryFolder(t), texts);
  for (const [index, [line, place]] of REFUSED.entries()) {
    const text = texts[index];
    const said = [findings[index], ajv.judge(text) ?? [], await server.judge(text)];
    for (const complaints of said) {
      assert.ok(complaints.some((it) => `${it.at}/`.startsWith(`${place}/`)), `${line}: ${JSON.stringify(complaints)}`);
    }
  }
  assert.deepEqual((await compare(t, texts)).different, []);
});

test('what they differ in is what the page on the schema says', async (t) => {
  for (const [line, place, who] of DIFFERENT) {
    const { different } = await compare(t, [manifest(line)]);
    const places = different.map((it) => `${it.who} ${it.at}`);
    assert.ok(places.includes(`${who} ${place}`), `${line}: ${JSON.stringify(different)}`);
    assert.ok(different.every(isExplained), `${line}: ${JSON.stringify(different)}`);
  }
});

test('they agree on the packages of the tests', async (t) => {
  const texts = await manifestsOf(join(ROOT, 'tests'), 'fixtures');
  const { different, compared } = await compare(t, texts);
  assert.deepEqual(different.filter((it) => !isExplained(it)), []);
  assert.ok(compared >= 6, `${compared} compared`);
});

test('they agree on real manifests', { skip: !CORPUS && 'KSEXT_CORPUS is not set' }, async (t) => {
  const folder = await unpackedCorpus(t);
  const texts = [...(await manifestsOf(folder, 'real')), ...(await manifestsOf(folder, 'museum'))];
  const { different, compared } = await compare(t, texts);
  t.diagnostic(`${texts.length} manifests, ${compared} of them readable as YAML without doubt`);
  assert.deepEqual(different, []);
  assert.ok(compared > 0.8 * texts.length);
});

test('they agree on mutated manifests', { skip: !CORPUS && 'KSEXT_CORPUS is not set' }, async (t) => {
  const lines = gunzipSync(await readFile(join(String(CORPUS), 'mutations.jsonl.gz'))).toString().trim().split('\n');
  const texts = lines.map((line) => JSON.parse(line).files['extension.yaml']).filter((text) => typeof text === 'string');
  const { different, compared } = await compare(t, texts);
  t.diagnostic(`${texts.length} manifests, ${compared} of them readable as YAML without doubt`);
  assert.deepEqual(different.filter((it) => !isExplained(it)), []);
  assert.ok(compared > 0.5 * texts.length);
});

/**
 * Whether the page on the schema says why.
 * @param {Complaint & { who: string, manifest: string }} difference
 */
function isExplained({ at, who, manifest }) {
  const isLanguage = /^(displayName|description|provider)\/(no|yes|on|off|y|n)$/i.test(at);
  if (who === 'ksext') return isLanguage || /^\? /m.test(manifest);
  const isNameless = /^(dependencies|externalDependencies)\/\d+(\/(name|version))?$/.test(at);
  if (isNameless || at === 'namespace') return true;
  // A line break of YAML 1.1 that is none in 1.2.
  if (/[\u0085\u2028\u2029]/.test(manifest)) return true;
  const node = nodeAt(manifest, at);
  const isSpecial = ['number', 'boolean'].includes(typeof node?.value) || node?.tag !== undefined;
  return isSpecial || /^(yes|no|on|off|y|n)$/i.test(node?.value);
}
