/**
 * The browser of these tests: found on the machine, never downloaded. `node browser.mjs` prints which one it is.
 */

import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where pictures of the pages go, to look at. */
export const SHOTS = join(ROOT, 'target', 'e2e');

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

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The browser's path: `KSEXT_BROWSER`, else the first Chromium on the PATH.
 * @throws if there is none
 */
export function findBrowser() {
  const told = process.env.KSEXT_BROWSER;
  if (told) {
    if (isProgram(told)) return told;
    throw new Error(`KSEXT_BROWSER is no program: ${told}`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...PLACES].find(isProgram);
  if (found) return found;
  throw new Error(
    `no browser found: install Chromium or Chrome (on Debian and Ubuntu: apt-get install chromium), or name one in KSEXT_BROWSER; looked for ${NAMES.join(', ')} on the PATH`,
  );
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
