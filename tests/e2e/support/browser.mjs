/**
 * The browser of these tests: found on the machine, never downloaded. `node support/browser.mjs` prints which one it is.
 */

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { findProgram, SHOTS } from './programs.mjs';

/** What a Chromium is called, best first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where it is on systems that have no such name on the PATH. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Nothing but the page that is tested: no sandbox (it needs rights that containers lack), no calls of its own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The browser's path: `KSEXT_BROWSER`, else the first Chromium on the PATH.
 * @throws if there is none
 */
export function findBrowser() {
  const hint = 'no browser found: install Chromium or Chrome (on Debian and Ubuntu: apt-get install chromium)';
  return findProgram('KSEXT_BROWSER', { names: NAMES, places: PLACES, hint });
}

/** Starts it without a window, with a profile of its own that goes away with it. */
export function launchBrowser() {
  return chromium.launch({ executablePath: findBrowser(), headless: true, args: FLAGS });
}

/**
 * Saves what a page looks like as `target/e2e/NAME.png`.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function shoot(page, name) {
  const path = join(SHOTS, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: true });
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(findBrowser());
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    process.exitCode = 1;
  }
}
