/** What the extension shows of a package beside its text: its size, its page on the Marketplace, what is published. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Code, closeBrowser, until } from '../support/code.mjs';
import { Machine } from '../support/machine.mjs';

after(closeBrowser);

/**
 * An editor on the example package, alone in its window.
 * @param {import('node:test').TestContext} t
 * @param {import('../support/code.mjs').Options} [options]
 */
async function open(t, options) {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const code = await Code.start(t, machine, options);
  await code.open(folder, 'extension.yaml');
  await code.statusBar(/KB/).waitFor();
  await code.hideSideBar();
  return { code, folder };
}

/** Whether all pictures of a page have come. @param {import('playwright-core').Frame} page */
const picturesAreShown = (page) =>
  page.evaluate(() => {
    const pictures = [...document.images].filter((picture) => picture.checkVisibility());
    return pictures.length > 0 && pictures.every((picture) => picture.complete && picture.naturalWidth > 0);
  });

test('the size, as a map to walk about in', async (t) => {
  const { code, folder } = await open(t);
  await code.run('kubesphere.size');
  const page = await code.webview('Size of demo');
  await page.getByRole('heading', { name: 'demo 0.1.0' }).waitFor();
  await page.getByText(/KB of 1(\.0)? MB/).first().waitFor();
  await code.gallery('size');

  const map = page.getByRole('group', { name: 'Sizes as areas' });
  await map.getByRole('button', { name: /^charts,/ }).focus();
  await code.page.keyboard.press('Enter');
  await map.getByRole('button', { name: /^backend,/ }).waitFor();
  await map.getByRole('button', { name: /^backend,/ }).focus();
  await code.page.keyboard.press('Enter');
  await map.getByRole('button', { name: /^values\.yaml,/ }).click();
  await code.tab('values.yaml').waitFor();

  const files = join(folder, 'charts', 'backend', 'files');
  await mkdir(files);
  await writeFile(join(files, 'big.bin'), randomBytes(1_500_000));
  await page.getByText(/over the limit/).first().waitFor();
  await code.screenshot('size-too-large');
  await rm(files, { recursive: true });
  await page.getByText(/over the limit/).first().waitFor({ state: 'hidden' });
});

test('the page on the Marketplace follows what is typed', async (t) => {
  const { code } = await open(t);
  await code.run('kubesphere.marketplace');
  const page = await code.webview('demo on the Marketplace');
  await page.getByRole('button', { name: 'English' }).click();
  const names = page.getByRole('heading', { name: 'Demo Extension' });
  await names.first().waitFor();
  await until(() => picturesAreShown(page), 'icon and screenshot to be shown');
  await code.gallery('marketplace');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { name: '示例扩展组件' }).first().waitFor();
  await page.getByRole('button', { name: 'English' }).click();

  await code.page.locator('.tab', { hasText: 'extension.yaml' }).first().click();
  await code.goTo('8:7');
  await code.type('“Live” ');
  await page.getByRole('heading', { name: /“Live” Demo Extension/ }).first().waitFor();
  assert.equal(await code.page.locator('.tab.dirty').count(), 1, 'nothing had to be saved');
});

test('what is missing on the Marketplace leads to where it belongs', async (t) => {
  const { code } = await open(t);
  await code.goTo('8:1');
  // The English name goes.
  await code.page.keyboard.press('Control+Shift+K');
  await code.run('kubesphere.marketplace');
  const page = await code.webview('demo on the Marketplace');
  const missing = page.getByRole('button', { name: /English|en/ }).and(page.locator('.link')).first();
  await missing.waitFor();
  await code.screenshot('marketplace-missing');
  await missing.click();
  await code.statusBar(/^Ln 6,/).waitFor();
});

test('what is published stands beside what was written', async (t) => {
  const { code } = await open(t);
  await code.run('kubesphere.preview');
  await code.tab('demo 0.1.0 as it is published').waitFor();
  await code.page.locator('.multiDiffEntry, .multi-diff-root-floating-menu, .monaco-diff-editor').first().waitFor();
  await code.page.locator('.modified .view-line:visible', { hasText: 'repository: ""' }).first().waitFor();
  await code.screenshot('published');
});

test('all of it in Chinese, in the dark', async (t) => {
  const { code } = await open(t, { language: 'zh-cn', dark: true });
  await code.run('kubesphere.size');
  const size = await code.webview(/demo/);
  await size.getByText(/KB，上限 1(\.0)? MB|KB/).first().waitFor();
  await code.screenshot('size-zh');
  assert.match(await size.locator('body').innerText(), /已打包|打包后|打包/);
  await code.page.keyboard.press('Control+F4');

  await code.tab('extension.yaml').click();
  await code.run('kubesphere.marketplace');
  const page = await code.webview(/扩展市场/);
  await page.getByRole('heading', { name: '示例扩展组件' }).first().waitFor();
  await until(() => picturesAreShown(page), 'icon and screenshot to be shown');
  await code.screenshot('marketplace-zh');
  const colour = await page.evaluate(() => getComputedStyle(document.body).color);
  assert.match(colour, /^rgb\((1[5-9]|2)\d\d?, /, 'light on dark');
});
