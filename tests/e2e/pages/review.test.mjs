/** The reviewer's page, as a reviewer uses it. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launchBrowser, shoot } from '../support/browser.mjs';
import { Machine } from '../support/machine.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/**
 * A machine with a sandbox that it is logged in to.
 * @param {import('node:test').TestContext} t
 * @param {string[]} [args]
 */
async function loggedIn(t, args) {
  const machine = await Machine.new(t);
  const url = await machine.sandbox(t, args);
  await machine.logIn(url);
  return { machine, url };
}

/**
 * The reviewer's page in a browser window of its own. Whatever the page or the browser complains about fails the test.
 * @param {import('node:test').TestContext} t
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function open(t, url, options = { locale: 'en-GB' }) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url);
  await page.waitForURL(/\/review(#|$)/);
  return { page, complaints };
}

/** @param {import('playwright-core').Page} page */
const choose = (page, name) => page.getByRole('navigation').getByRole('link', { name }).click();

/** @param {import('playwright-core').Locator} image */
const isShown = (image) => image.evaluate((shown) => shown.decode().then(() => shown.naturalWidth > 0));

test('a reviewer sees what was pushed, rejects it with a reason, and the author reads it', async (t) => {
  const { machine, url } = await loggedIn(t);
  const { page, complaints } = await open(t, url);
  await page.getByRole('heading', { name: 'Nothing has been pushed yet' }).waitFor();
  assert.match(await page.innerText('main'), new RegExp(`ksext login --server ${url}`));
  await shoot(page, 'review-empty');

  const pushed = await machine.json(['push', await machine.package('demo', 'demo'), '--yes']);
  // It appears by itself.
  await page.getByRole('navigation').getByText('demo 0.1.0').waitFor();
  await choose(page, /Demo/);
  const main = page.getByRole('main');
  await main.getByRole('heading', { level: 2, name: /0\.1\.0/ }).waitFor();
  assert.ok(await isShown(main.locator('img.icon')), 'the icon is shown');
  const screenshots = main.getByRole('img', { name: /Screenshot/ });
  assert.equal(await screenshots.count(), 1);
  assert.ok(await isShown(screenshots.first()), 'the screenshot is shown');
  // Of the manifest, what will be published: no local path is left.
  const manifest = await main.locator('details[data-name="extension.yaml"] pre').innerText();
  assert.ok(manifest.includes(`${url}/files/`) && !manifest.includes('./static'), manifest);
  const size = new Intl.NumberFormat('en').format(pushed.size);
  assert.ok((await main.innerText()).includes(`${size} B of 1,048,576 B`), `not the size ${size}: ${await main.innerText()}`);
  assert.ok(await main.getByRole('cell', { name: 'charts/frontend/Chart.yaml' }).isVisible());
  assert.ok(await main.locator('details[data-name="README.md"] pre').isVisible());
  await shoot(page, 'review-en');

  await page.getByRole('button', { name: 'Reject…' }).click();
  const dialog = page.getByRole('dialog', { name: /Reject/ });
  await dialog.getByRole('textbox').fill('图标不清晰 <b>& blurred</b>');
  await shoot(page, 'review-reject');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await main.getByText('Rejected').waitFor();
  assert.ok((await main.innerText()).includes('图标不清晰 <b>& blurred</b>'));
  assert.equal(await page.getByRole('button').count(), 0, 'nothing is left to decide');
  const seen = await machine.json(['get', 'demo']);
  assert.deepEqual(
    seen.snapshots.map(({ version, status }) => ({ version, status })),
    [{ version: '0.1.0', status: 'rejected' }],
  );
  assert.deepEqual(complaints, []);
});

test('another is approved, by keyboard alone and in Chinese', async (t) => {
  const { machine, url } = await loggedIn(t);
  await machine.ok(['push', await machine.package('demo', 'demo'), '--yes']);
  const { page, complaints } = await open(t, url, { locale: 'zh-CN', colorScheme: 'dark' });
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh');
  const main = page.getByRole('main');
  await main.getByRole('heading', { level: 2, name: /0\.1\.0/ }).waitFor();
  assert.ok(await main.locator('details[data-name="README_zh.md"] pre').isVisible());
  await isShown(main.getByRole('img', { name: /截图/ }).first());
  await shoot(page, 'review-zh');

  const approve = page.getByRole('button', { name: '通过' });
  for (let steps = 0; steps < 20 && !(await approve.evaluate((button) => button === document.activeElement)); steps += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await main.getByText('已通过').waitFor();
  assert.match(await page.getByRole('status').innerText(), /0\.1\.0：已通过/);
  assert.ok(await main.evaluate((main) => main.contains(document.activeElement)), 'the focus is where it was');
  const seen = await machine.json(['get', 'demo']);
  assert.deepEqual([seen.status, seen.latestVersion, seen.snapshots[0].status], ['ready', '0.1.0', 'active']);

  await page.getByRole('link', { name: 'English' }).click();
  await page.getByRole('main').getByText('Active').waitFor();
  assert.deepEqual(complaints, []);
});

test('a reviewer goes from one extension to the next, and into the other language with it', async (t) => {
  const { machine, url } = await loggedIn(t);
  const demo = await machine.package('demo', 'demo');
  await machine.ok(['push', demo, '--yes']);
  const manifest = await readFile(join(demo, 'extension.yaml'), 'utf8');
  const second = manifest.replace('name: demo', 'name: second').replace('Demo Extension', 'Second Extension');
  await machine.ok(['push', await machine.package('second', 'demo', { 'extension.yaml': second }), '--yes']);

  const { page, complaints } = await open(t, url);
  const heading = page.getByRole('main').getByRole('heading', { level: 2 });
  await heading.getByText('Second Extension').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: /Demo/ }).focus();
  await page.keyboard.press('Enter');
  await heading.getByText('Demo Extension').waitFor();
  assert.ok(await heading.evaluate((heading) => heading === document.activeElement), 'reading goes on with what was chosen');
  assert.match(await page.locator('nav [aria-current]').innerText(), /Demo Extension/);
  await page.reload();
  await heading.getByText('Demo Extension').waitFor();
  await page.getByRole('link', { name: '中文' }).click();
  await heading.getByText('示例扩展组件').waitFor();
  assert.match(await page.locator('nav [aria-current]').innerText(), /demo 0\.1\.0/);
  assert.deepEqual(complaints, []);
});

/** A script in whatever an author may write; it would make itself known. */
const ATTACK = `<img src=x onerror="alert('in')"><script>alert('in')</script>`;

test('what an author wrote does not run', async (t) => {
  const { machine, url } = await loggedIn(t);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" onload="alert('svg')"><script>alert('svg')</script><rect width="64" height="64" fill="teal"/></svg>`;
  const folder = await machine.package('attack', 'demo', {
    'README.md': ATTACK,
    'README_zh.md': ATTACK,
    'static/favicon.svg': svg,
    'static/"><script>alert(1)<script>.txt': '',
    'charts/frontend/<script>alert(1)<script>.txt': 'x',
    'extension.yaml': [
      'apiVersion: kubesphere.io/v1alpha1',
      'name: attack',
      'version: 1.0.0',
      `displayName: {en: ${JSON.stringify(ATTACK)}, zh: ${JSON.stringify(ATTACK)}}`,
      `description: {en: ${JSON.stringify(ATTACK)}, zh: ${JSON.stringify(ATTACK)}}`,
      'category: dev-tools',
      'provider: {en: {name: x}}',
      'icon: ./static/favicon.svg',
      'staticFileDirectory: static',
      '',
    ].join('\n'),
  });
  await machine.ok(['push', folder, '--yes']);
  const { page, complaints } = await open(t, url);
  const main = page.getByRole('main');
  await main.getByRole('heading', { level: 2 }).waitFor();
  assert.ok((await main.locator('h2').innerText()).includes(ATTACK), 'it is shown as it was written');
  assert.ok((await main.locator('details[data-name="README.md"] pre').innerText()).includes(ATTACK));
  assert.ok(await isShown(main.locator('img.icon')));
  assert.equal(await page.locator('body script, img[src="x"], a[href^="javascript"]').count(), 0);
  await shoot(page, 'review-attack');
  const ran = () => complaints.filter((complaint) => complaint.startsWith('dialog'));
  assert.deepEqual(ran(), []);

  // The icon, opened by itself, is a document; it runs nothing either.
  const icon = new URL(await main.locator('img.icon').getAttribute('src'), url);
  await page.goto(icon.href);
  assert.equal(await page.locator('rect').count(), 1);
  assert.deepEqual(ran(), []);

  // The same script in a page that lets it run is noticed.
  await page.goto('about:blank');
  await page.setContent(ATTACK);
  await page.waitForFunction(() => document.querySelector('img'));
  assert.notDeepEqual(ran(), []);
});

test('a page of somebody else cannot decide', async (t) => {
  const { machine, url } = await loggedIn(t);
  const { snapshotId } = await machine.json(['push', await machine.package('demo', 'demo'), '--yes']);
  const path = `/review/${snapshotId}/approve`;
  const status = async () => (await machine.json(['get', 'demo'])).snapshots[0].status;

  // A form that is sent across sites, as a page that the reviewer happens to visit would have it.
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.route('http://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${url}/review"></iframe><form method="post" enctype="text/plain" action="${url}${path}"></form>` }),
  );
  await page.goto('http://evil.example/');
  // Nor does it get the buttons into a frame, to have them clicked.
  assert.equal(page.frames().length, 2);
  assert.equal(await page.frames()[1].getByRole('button').count(), 0);
  assert.match(page.frames()[1].url(), /^chrome-error:/);
  const answered = page.waitForResponse(`${url}${path}`);
  await page.evaluate(() => document.querySelector('form').submit());
  assert.equal((await answered).status(), 403);
  assert.equal(await status(), 'submitted');

  const { port } = new URL(url);
  const post = (headers) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.once('error', reject);
      sent.end();
    });
  for (const [headers, expected] of [
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: `https://127.0.0.1:${port}` }, 403],
    [{ origin: 'http://127.0.0.1:1' }, 403],
    [{ host: `evil.example:${port}` }, 421],
    [{ host: '127.0.0.1' }, 421],
  ]) {
    assert.equal(await post(headers), expected, JSON.stringify(headers));
  }
  assert.equal(await status(), 'submitted');
  assert.equal(await post({ origin: url }), 200);
  assert.equal(await status(), 'active');
  assert.equal(await post({}), 409, 'a program without an origin is heard');
});

test('a killed sandbox comes back as it was, and the page finds it again', async (t) => {
  const machine = await Machine.new(t);
  const state = ['--state', `${machine.home}/状态`];
  const { url, child } = await machine.startSandbox(t, state);
  await machine.logIn(url);
  await machine.ok(['push', await machine.package('demo', 'demo'), '--yes']);
  const { page } = await open(t, url);
  const main = page.getByRole('main');
  await main.getByRole('heading', { level: 2 }).waitFor();

  child.kill('SIGKILL');
  const alert = page.getByRole('alert').getByText('The sandbox does not answer');
  await alert.waitFor();
  await shoot(page, 'review-offline');
  await machine.sandbox(t, [...state, '--port', new URL(url).port]);
  await alert.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Approve' }).click();
  await main.getByText('Active').waitFor();
  assert.ok(await isShown(main.locator('img.icon')), 'the icon is still there');
});
