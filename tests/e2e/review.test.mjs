/** The reviewer's page, as a reviewer uses it. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser, shoot } from './browser.mjs';
import { Machine } from './machine.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());

test('a pushed package waits on the page', async (t) => {
  const machine = await Machine.new(t);
  const url = await machine.sandbox(t);
  await machine.logIn(url);
  await machine.ok(['push', await machine.package('demo', 'demo'), '--yes']);
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`${url}/review`);
  assert.match(await page.innerText('body'), /demo/);
  await shoot(page, 'review');
});
