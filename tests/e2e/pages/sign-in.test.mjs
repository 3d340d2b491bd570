/** The page that takes an API key where the editor has no place for one. */

import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launchBrowser, shoot } from '../support/browser.mjs';
import { LanguageClient } from '../support/language-client.mjs';
import { KEY, Machine } from '../support/machine.mjs';

const WRONG = KEY.replaceAll('1', '2');

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

/**
 * A login that waits for its page, and the page in a browser.
 * @param {import('node:test').TestContext} t
 * @param {{ locale?: string, context?: import('playwright-core').BrowserContextOptions }} [options]
 */
async function signIn(t, { locale = 'en', context = {} } = {}) {
  const machine = await Machine.new(t);
  const server = await machine.sandbox(t, ['--token', KEY]);
  const editor = await LanguageClient.start(t, machine, { server, locale });
  const login = editor.run('ksext.login');
  // Whoever awaits it is told; nobody else needs to be.
  login.catch(() => {});
  const address = await editor.page;
  const opened = await browser.newContext(context);
  t.after(() => opened.close());
  const page = await opened.newPage();
  /** @type {string[]} */
  const urls = [];
  page.on('request', (request) => urls.push(request.url()));
  await page.goto(address);
  return { machine, server, editor, login, address, page, urls };
}

/** @param {import('playwright-core').Page} page @param {string} key */
async function enter(page, key) {
  await page.getByLabel('API key').fill(key);
  await Promise.all([page.waitForLoadState('load'), page.getByRole('button').click()]);
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';
  test(`a wrong key is asked for again and the right one logs in, ${how} scripts`, async (t) => {
    const { machine, server, editor, login, address, page, urls } = await signIn(t, { context: { javaScriptEnabled } });
    assert.match(await page.innerText('body'), /Enter an API key for http:\/\/127/);
    assert.equal(await page.getByLabel('API key').getAttribute('type'), 'password');
    assert.equal(await page.getByRole('link').first().getAttribute('href'), 'https://kubesphere.cloud/user/setting/');
    if (javaScriptEnabled) {
      assert.ok(await page.evaluate(() => document.activeElement?.getAttribute('name') === 'key'), 'one can type at once');
      await shoot(page, 'sign-in-en');
    }

    await enter(page, WRONG);
    const alert = page.getByRole('alert');
    assert.match(await alert.innerText(), /403[^]*may be wrong or expired/);
    assert.equal(await page.getByLabel('API key').inputValue(), '', 'the wrong key is not sent back');
    if (javaScriptEnabled) await shoot(page, 'sign-in-wrong');

    await enter(page, KEY);
    const said = await page.getByRole('status').innerText();
    assert.match(said, new RegExp(`Logged in to ${server} as `));
    if (javaScriptEnabled) await shoot(page, 'sign-in-done');
    const answer = await login;
    assert.equal(answer.server, server);
    assert.ok(said.includes(answer.user.id), said);

    const file = join(machine.home, '.ksbuilder', 'config.json');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal(JSON.parse(await readFile(file, 'utf8')).server, server);
    assert.equal(JSON.parse(await machine.ok(['whoami', '--format', 'json'])).user.id, answer.user.id);
    for (const secret of [KEY, WRONG, Buffer.from(KEY).toString('base64')]) {
      assert.ok(!`${await page.content()} ${urls} ${editor.received}`.includes(secret), 'the key is shown nowhere');
    }
    await assert.rejects(page.goto(address), /ERR_CONNECTION_REFUSED/, 'the page is gone');
  });
}

test('a Chinese reader reads Chinese first, in the dark too', async (t) => {
  const { page } = await signIn(t, { locale: 'zh-CN', context: { colorScheme: 'dark', viewport: { width: 360, height: 740 } } });
  assert.equal(await page.title(), '登录 KubeSphere Cloud');
  assert.match(await page.locator('p:visible').first().innerText(), /请输入/);
  await enter(page, WRONG);
  assert.match(await page.getByRole('alert').innerText(), /^无法/);
  await shoot(page, 'sign-in-zh-dark');
  const colour = await page.evaluate(() => getComputedStyle(document.documentElement).color);
  assert.equal(colour, 'rgb(255, 255, 255)', 'light on dark');
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  assert.ok(!wider, 'it fits a small screen');
});

test('a page whose time is over says so', async (t) => {
  const { page } = await signIn(t);
  const gone = page.getByText('This page has expired');
  assert.ok(!(await gone.isVisible()));
  await page.evaluate(() => document.getAnimations().forEach((animation) => animation.finish()));
  assert.ok(await gone.isVisible());
  assert.ok(!(await page.getByLabel('API key').isVisible()));
  await shoot(page, 'sign-in-expired');
});

test('a page of another site can neither frame it nor send to it', async (t) => {
  const { page, address, machine } = await signIn(t);
  const site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<iframe src="${address}"></iframe><form method=post action="${address}"><input name=key value="${KEY}"><button>go</button></form>`);
  });
  await new Promise((resolve) => site.listen(0, '127.0.0.1', () => resolve(null)));
  t.after(() => site.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (site.address());
  await page.goto(`http://localhost:${port}/`);
  const frames = page.frames().slice(1);
  assert.equal(frames.length, 1);
  assert.equal(await frames[0].getByLabel('API key').count(), 0, 'the frame stays empty');
  const [answer] = await Promise.all([page.waitForResponse(address), page.getByRole('button').click()]);
  assert.equal(answer.status(), 403);
  assert.equal((await machine.run(['whoami'])).code, 3, 'nobody is logged in');
});
