/** The schema that goes by a file's content, and how YAML tools find it by the file's name. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { temporaryFolder } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { Ajv7, YamlLanguageServer, repositoryFile, schema } from './judges.mjs';
import { REFUSED, TAKEN, manifest } from './manifests.mjs';

const require = createRequire(import.meta.url);
const rpc = require('vscode-jsonrpc/node');

const plain = { ajv: new Ajv7(schema('extension')), server: new YamlLanguageServer(schema('extension')) };
const careful = { ajv: new Ajv7(schema('extension-by-content')), server: new YamlLanguageServer(schema('extension-by-content')) };
const FOREIGN = 'specVersion: v1beta\nname: demo\nversion: 1\ndisplayName: Demo\ndescription: Shows.\nicon: [a]\nlicense: MIT\n';

test('manifests are held against the whole schema', async () => {
  const texts = [...TAKEN, ...REFUSED.map(([line]) => line)].map(manifest);
  for (const text of texts) {
    assert.deepEqual(careful.ajv.judge(text), plain.ajv.judge(text), text);
    assert.deepEqual(await careful.server.judge(text), await plain.server.judge(text), text);
  }
});

test('nothing is said, shown or offered in files of other products', async () => {
  for (const text of [FOREIGN, '', '- a\n', 'name: demo\n', await repositoryFile('tests', 'fixtures', 'foreign', 'extension.yaml')]) {
    assert.deepEqual(careful.ajv.judge(text), [], text);
    assert.deepEqual(await careful.server.judge(text), [], text);
  }
  for (const marked of ['|', 'na|me: demo\n', 'name: demo\n|', 'dis|playName: Demo\n', 'displayName: |\n', 'description: De|mo\n']) {
    assert.equal(await careful.server.hover(marked), '', marked);
    assert.deepEqual(await careful.server.complete(marked), [], marked);
  }
});

test('nothing is said of the other products of the corpus', { skip: !process.env.KSEXT_CORPUS && 'KSEXT_CORPUS is not set' }, async (t) => {
  const folder = await temporaryFolder(t);
  execFileSync('tar', ['-xzf', join(String(process.env.KSEXT_CORPUS), 'corpus.tar.gz'), '-C', folder]);
  const names = await readdir(join(folder, 'foreign'));
  for (const name of names) {
    const text = await readFile(join(folder, 'foreign', name), 'utf8');
    assert.deepEqual(careful.ajv.judge(text) ?? [], [], name);
    assert.deepEqual(await careful.server.judge(text), [], name);
  }
  t.diagnostic(`${names.length} files`);
  assert.ok(names.length > 0);
});

test('fields are explained, and what fits is offered with what it means', async () => {
  const hover = await careful.server.hover('ksVersion: ">=4.1.0-0"\nico|n: ./static/demo.svg\n');
  assert.match(hover, /#### Icon\n\nThe picture beside the name .* `http:\/\/` or `https:\/\/` address/);
  const offered = async (/** @type {string} */ marked) => (await careful.server.complete(marked)).map((it) => [it.label, it.documentation?.value ?? it.documentation]);
  assert.deepEqual((await offered('ksVersion: ""\ncategory: d|\n')).at(-1), ['dev-tools', 'DevTools']);
  const modes = await offered('installationMode: |\n');
  assert.deepEqual(modes[0], ['HostOnly', 'Everything goes to the host cluster.']);
  const tags = await offered('ksVersion: ""\ndependencies:\n  - name: a\n    tags:\n      - |\n');
  assert.deepEqual(tags.map(([label]) => label), ['extension', 'agent']);
  const fields = (await offered('ksVersion: ""\n|')).map(([label]) => label);
  assert.ok(['name', 'displayName', 'dependencies'].every((field) => fields.includes(field)), fields.join());
});

test('the entries of the catalogue name the schemas by their addresses', async () => {
  const { schemas } = JSON.parse(await repositoryFile('server', 'packaging', 'schemastore', 'catalog.json'));
  const addresses = schemas.map((/** @type {any} */ entry) => entry.url);
  assert.deepEqual(addresses, [schema('extension-by-content').$id, schema('settings').$id]);
});

test('the manifests for the catalogue pass, or fail for one reason each', async () => {
  const folder = join(ROOT, 'server', 'packaging', 'schemastore');
  /** @type {Record<string, string>} */
  const places = {};
  for (const kind of ['test', 'negative_test']) {
    for (const name of await readdir(join(folder, kind, 'kubesphere-extension'))) {
      const text = await readFile(join(folder, kind, 'kubesphere-extension', name), 'utf8');
      const said = [careful.ajv.judge(text) ?? [], await careful.server.judge(text)];
      const [byAjv, byServer] = said.map((complaints) => complaints.map((it) => it.at).join());
      assert.equal(byAjv, byServer, name);
      places[name] = byAjv;
    }
  }
  assert.deepEqual(places, {
    'complete.yaml': '',
    'empty-values.yaml': '',
    'other-product.yaml': '',
    'missing-field.yaml': 'icon',
    'unknown-category.yaml': 'category',
    'unknown-key.yaml': 'screenshoots',
    'unknown-language.yaml': 'displayName/zh-CN',
    'wrong-type.yaml': 'keywords',
  });
});

test('yaml-language-server finds the schemas in a catalogue, by the names of files', async (t) => {
  const catalogue = await served(t);
  const folder = await temporaryFolder(t);
  const editor = start(t, catalogue, folder);
  const [wrong, setting] = [manifest('screenshoots: []'), 'size: {limit: many}\n'];
  for (const [path, text, expected] of [
    ['demo/extension.yaml', wrong, ['Property screenshoots is not allowed.']],
    ['foreign/extension.yaml', FOREIGN, []],
    ['demo/other.yaml', wrong, []],
    ['.ksext.yaml', setting, ['Incorrect type. Expected "integer".']],
  ]) {
    assert.deepEqual(await editor.diagnostics(String(path), String(text)), expected, String(path));
  }
});

/**
 * The catalogue and the schemas in it on an address of this machine; answers that of the catalogue.
 * @param {import('node:test').TestContext} t
 */
async function served(t) {
  const catalogue = await repositoryFile('server', 'packaging', 'schemastore', 'catalog.json');
  let url = '';
  const http = createServer(async (request, response) => {
    const name = String(request.url).split('/').at(-1) ?? '';
    const text = name === 'catalog.json' ? catalogue.replaceAll(/"https:[^"]*\/schemas\//g, `"${url}/`) : await repositoryFile('schemas', name);
    response.end(text);
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => http.close());
  const address = /** @type {import('node:net').AddressInfo} */ (http.address());
  url = `http://127.0.0.1:${address.port}`;
  return `${url}/catalog.json`;
}

/**
 * yaml-language-server as editors start it, with no setting but the catalogue.
 * @param {import('node:test').TestContext} t
 * @param {string} catalogue
 * @param {string} folder of the files, and its home
 */
function start(t, catalogue, folder) {
  const path = join(ROOT, 'tests', 'e2e', 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
  const child = spawn(process.execPath, [path, '--stdio'], { env: { PATH: process.env.PATH, HOME: folder }, cwd: folder });
  t.after(() => child.kill('SIGKILL'));
  const connection = rpc.createMessageConnection(child.stdout, child.stdin);
  const settings = { validate: true, schemaStore: { enable: true, url: catalogue } };
  connection.onRequest('workspace/configuration', (/** @type {any} */ { items }) =>
    items.map((/** @type {any} */ item) => (item.section === 'yaml' ? settings : null)),
  );
  connection.onRequest('client/registerCapability', () => null);
  /** @type {Map<string, (messages: string[]) => void>} */
  const waiting = new Map();
  connection.onNotification('textDocument/publishDiagnostics', (/** @type {any} */ { uri, diagnostics }) =>
    waiting.get(uri)?.(diagnostics.map((/** @type {any} */ it) => it.message)),
  );
  connection.listen();
  const capabilities = { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } };
  const ready = connection
    .sendRequest('initialize', { processId: process.pid, rootUri: String(pathToFileURL(folder)), capabilities })
    .then(() => connection.sendNotification('initialized', {}))
    .then(() => connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml: settings } }));
  return {
    /** @param {string} path @param {string} text */
    async diagnostics(path, text) {
      await ready;
      const file = join(folder, path);
      await mkdir(join(file, '..'), { recursive: true });
      await writeFile(file, text);
      const uri = String(pathToFileURL(file));
      const told = new Promise((resolve) => waiting.set(uri, resolve));
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
      return told;
    },
  };
}
