/** What a person sees of findings, and what becomes of them. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Code, closeBrowser, until } from '../support/code.mjs';
import { Machine } from '../support/machine.mjs';

after(closeBrowser);

/** With a finding in the middle of a Chinese line, behind characters of two columns, and one of two code units. */
const MANIFEST = `\
apiVersion: kubesphere.io/v1alpha1
name: demo
version: 0.1.0
displayName: {en: Demo, zh: 𠮷祥示例扩展组件, 繁體: 示例擴展組件}
description:
  zh: 展示一个扩展组件的各个组成部分：前端、后端、图标和截图。
  en: Shows the parts that an extension consists of.
category: dev-tools
keyword: [示例, demo]
provider:
  zh: {name: 示例公司}
  en: {name: Example Inc.}
staticFileDirectory: static
icon: ./static/favicon.svg
screenshots:
  - ./static/screenshots/概览.png
dependencies:
  - name: frontend
    tags: [extension]
  - name: backend
    tags: [agent]
`;

/**
 * An editor on that manifest.
 * @param {import('node:test').TestContext} t
 * @param {import('../support/code.mjs').Options} [options]
 */
async function open(t, options) {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo', { 'extension.yaml': MANIFEST });
  const code = await Code.start(t, machine, options);
  await code.open(folder, 'extension.yaml');
  return { code, folder };
}

test('from the squiggle to the file on the disk', async (t) => {
  const { code, folder } = await open(t);

  await t.test('the right characters are underlined, and the list says where they are', async () => {
    await code.lens('Log in').waitFor();
    assert.equal((await code.squiggle('繁體')).line, 4);
    assert.equal((await code.squiggle('keyword', 'warning')).line, 9);
    const row = (await code.problems('繁體')).first();
    await row.waitFor();
    const column = MANIFEST.split('\n')[3].indexOf('繁體') + 1;
    assert.match((await row.innerText()).replace(/\s+/g, ' '), new RegExp(`\\[Ln 4, Col ${column}\\]`));
    await code.gallery('overview');
  });

  await t.test('a quick fix puts it right, on the disk too', async () => {
    await code.goTo('9:3');
    await code.quickFix(/`?keywords`?/);
    await until(async () => !(await code.squiggles()).some(({ text }) => text === 'keyword'), 'the squiggle to go');
    await code.save();
    assert.equal(await readFile(join(folder, 'extension.yaml'), 'utf8'), MANIFEST.replace('keyword:', 'keywords:'));
  });

  await t.test('a hover explains the field', async () => {
    await code.editor.locator('.view-line').getByText('staticFileDirectory').first().hover();
    await code.page.locator('.monaco-hover:visible', { hasText: 'staticFileDirectory' }).first().waitFor();
    await code.screenshot('hover');
    await code.page.mouse.move(0, 0);
  });

  await t.test('a file that is too much is an error at once, and none when it is gone', async () => {
    const files = join(folder, 'charts', 'backend', 'files');
    await mkdir(files);
    await writeFile(join(files, '大.bin'), randomBytes(1_500_000));
    const row = (await code.problems('package-too-large')).first();
    await row.waitFor();
    await code.statusBar(/1\.\d MB of 1(\.0)? MB/).waitFor();
    await code.screenshot('too-large');
    await rm(files, { recursive: true });
    await row.waitFor({ state: 'hidden' });
    await code.statusBar(/KB of 1(\.0)? MB/).waitFor();
  });
});

test('the same in Chinese, in the dark', async (t) => {
  const { code } = await open(t, { language: 'zh-cn', dark: true });
  assert.equal((await code.squiggle('繁體')).line, 4);
  // An editor that has lost the focus asks for no lenses.
  await code.lens('登录').waitFor();
  const row = (await code.problems('keyword')).first();
  await row.waitFor();
  assert.match((await row.innerText()).replace(/\s+/g, ' '), /ksbuilder 不认识 `keyword`.*\[行 9，列 1\]/);
  await code.goTo('9:3');
  await code.gallery('overview-zh');
  await code.quickFix(/`?keywords`?/);
  await until(async () => (await code.text()).includes('keywords:'), 'the fix');
});

for (const isTwice of [false, true]) {
  const how = isTwice ? 'told twice where one wants it' : 'left to it';
  test(`what another YAML server reports is ${how}`, async (t) => {
    const machine = await Machine.new(t);
    const neighbour = join(machine.home, 'neighbour');
    await mkdir(neighbour);
    const itself = { publisher: 'redhat', name: 'vscode-yaml', version: '1.0.0', engines: { vscode: '^1.96.0' } };
    await writeFile(join(neighbour, 'package.json'), JSON.stringify(itself));
    const text = MANIFEST.replace('category:', 'version: 0.2.0\ncategory:');
    const folder = await machine.package('demo', 'demo', { 'extension.yaml': text });
    const settings = isTwice ? { 'ksext.diagnostics.otherYamlServer': false } : {};
    const code = await Code.start(t, machine, { extensions: [neighbour], settings });
    await code.open(folder, 'extension.yaml');
    await code.squiggle('keyword', 'warning');
    assert.equal((await code.squiggles()).some((one) => one.text === 'version'), isTwice);
  });
}
