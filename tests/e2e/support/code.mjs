/**
 * Visual Studio Code with the packed extension: code-server with a profile of its own on a user's machine, shown in a
 * headless browser. Everything that is started ends with the test that started it.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { launchBrowser, shoot } from './browser.mjs';
import { program } from './machine.mjs';
import { EDITORS, ROOT } from './programs.mjs';

/** What `cargo xtask` installs. */
export const NODE = join(EDITORS, 'vscode', 'node', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
export const ENTRY = join(EDITORS, 'vscode', 'server', 'node_modules', 'code-server', 'out', 'node', 'entry.js');
const CHINESE = join(EDITORS, 'vscode', 'zh-cn', 'package', 'translations');

/** The packed extension: `KSEXT_VSIX`, else what `npm run package` wrote. */
export const VSIX = process.env.KSEXT_VSIX ?? join(ROOT, 'target', 'ksext.vsix');

/** The sources of the extension. */
export const EXTENSION = join(ROOT, 'editors', 'vscode');

/** Tests that run beside the extension. */
const HOST = join(ROOT, 'tests', 'e2e', 'vscode', 'host');

/** How long something may take to appear, in milliseconds: many times what it takes. */
export const PATIENCE = 30_000;

/** The most that a picture of the gallery may weigh, in bytes. */
const GALLERY_LIMIT = 150 << 10;

/** How long a key that was pressed may take to be noticed before it is pressed again. */
const PRESS = 2_000;

/** Nothing of the editor's own that moves, advertises, asks or looks something up. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'window.zoomLevel': 0,
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** A complaint of the console that is about us: our code is in its trace, or a page of ours broke its own policy. */
const OURS = /\bksext\.ksext\b|kubesphere|Content Security Policy/i;

/** Groups of processes; whatever still runs when this process ends goes with it. */
const groups = new Set();
process.on('exit', () => groups.forEach((group) => kill(group, 'SIGKILL')));

/** @param {number} group @param {NodeJS.Signals | 0} signal */
function kill(group, signal) {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends a group, and answers when the last of it is gone. @param {number} group */
async function end(group) {
  kill(group, 'SIGTERM');
  // The extension host takes its time after the process that was started has gone.
  for (let waited = 0; kill(group, 0) && waited < 5_000; waited += 50) await pause(50);
  kill(group, 'SIGKILL');
  for (let waited = 0; kill(group, 0) && waited < 5_000; waited += 50) await pause(50);
  groups.delete(group);
}

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Asks again until the answer is true (or anything like it), and answers that.
 * @template T
 * @param {() => T | Promise<T>} ask
 * @param {string | (() => string | Promise<string>)} what is waited for, for the message of the failure
 * @param {number} [patience]
 * @returns {Promise<T>}
 */
export async function until(ask, what, patience = PATIENCE) {
  const latest = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > latest) throw new Error(`not within ${patience / 1000} s: ${typeof what === 'string' ? what : await what()}`);
    await pause(50);
  }
}

/** A profile in which the extension is installed, made once a process and copied. @type {Promise<string> | undefined} */
let installed;

async function installExtension() {
  if (!existsSync(VSIX)) throw new Error(`no extension at ${VSIX}: run \`npm run package\` in editors/vscode`);
  const folder = await mkdtemp(join(tmpdir(), 'ksext-e2e-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const args = [...profile(folder), '--install-extension', VSIX];
  const child = spawn(NODE, [ENTRY, ...args], { env: surroundings({ PATH: process.env.PATH, HOME: folder }, folder) });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, said);
  return folder;
}

/** @param {string} folder */
const profile = (folder) => [
  ...['--config', join(folder, 'config.yaml'), '--user-data-dir', join(folder, 'data')],
  ...['--extensions-dir', join(folder, 'extensions'), '--disable-telemetry', '--disable-update-check'],
];

/** @param {NodeJS.ProcessEnv} env @param {string} folder */
const surroundings = (env, folder) => ({ ...env, TMPDIR: folder, XDG_DATA_HOME: join(folder, 'share'), EXTENSIONS_GALLERY: '{}' });

/** The editor's own texts in Chinese, as its language pack brings them. @param {string} folder */
async function speakChinese(folder) {
  const { default: contents } = await import(pathToFileURL(join(CHINESE, 'main.i18n.json.js')).href);
  const main = join(folder, 'main.i18n.json');
  await writeFile(main, JSON.stringify({ contents }));
  const own = readdirSync(join(CHINESE, 'extensions')).map((name) => [name.replace('.i18n.json', ''), join(CHINESE, 'extensions', name)]);
  const pack = {
    hash: 'e2e',
    label: '中文(简体)',
    extensions: [{ extensionIdentifier: { id: 'ms-ceintl.vscode-language-pack-zh-hans' }, version: '1.0.0' }],
    translations: { vscode: main, ...Object.fromEntries(own) },
  };
  await writeFile(join(folder, 'data', 'languagepacks.json'), JSON.stringify({ 'zh-cn': pack }));
}

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let browser;

/** Closes the browser that all windows of a test file share, and whatever else is left; to be called after its last test. */
export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
  for (const group of groups) await end(group);
}

/**
 * @typedef {object} Options
 * @property {string | null} [program] the server on the `PATH`; null for none
 * @property {boolean} [bundled] whether the extension brings its server along
 * @property {Record<string, unknown>} [settings] of the user
 * @property {'en' | 'zh-cn'} [language] that the editor speaks
 * @property {boolean} [dark] its theme
 * @property {boolean} [trust] false: whatever is opened is not trusted until one says so
 * @property {NodeJS.ProcessEnv} [env] beside what the machine has
 * @property {string[]} [extensions] folders of other extensions that are installed
 * @property {{ width: number, height: number }} [viewport]
 * @property {boolean} [host] whether tests run in the extension host
 * @property {boolean} [mayComplain] whether errors in the console are no failure
 */

export class Code {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /** What the console of the editor has said of errors of ours. @type {string[]} */
  errors = [];

  /** Everything that it has said. */
  console = '';

  /** What the editor's processes have written. */
  log = '';

  /**
   * Starts the editor on a machine.
   * @param {import('node:test').TestContext} t
   * @param {import('./machine.mjs').Machine} machine
   * @param {Options} [options]
   */
  static async start(t, machine, options = {}) {
    const code = new Code();
    code.machine = machine;
    code.language = options.language ?? 'en';
    code.folder = join(machine.home, '.code');
    await code.#install(options);
    code.url = await code.#serve(options);
    browser ??= launchBrowser();
    const context = await (await browser).newContext({
      viewport: options.viewport ?? { width: 1120, height: 680 },
      reducedMotion: 'reduce',
      colorScheme: options.dark ? 'dark' : 'light',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(PATIENCE);
    code.page = await context.newPage();
    machine.beforeItGoes(async () => {
      // What there was to see when the test ended, or failed.
      await code.screenshot(`end of ${t.name.replace(/[^\p{L}\p{N}]+/gu, ' ')}`).catch(() => {});
      await context.close();
      await code.end();
      assert.deepEqual(code.processes(), [], 'nothing of it runs on');
      if (!options.mayComplain) assert.deepEqual(code.errors, [], 'the console tells of no error of ours');
    });
    code.#listen();
    return code;
  }

  /** @param {Options} options */
  async #install(options) {
    installed ??= installExtension();
    await mkdir(join(this.folder, 'data', 'User'), { recursive: true });
    await cp(join(await installed, 'extensions'), join(this.folder, 'extensions'), { recursive: true });
    for (const folder of options.extensions ?? []) await this.#addExtension(folder);
    const theme = options.dark ? { 'workbench.colorTheme': 'Default Dark Modern' } : {};
    await this.set({ ...theme, ...options.settings });
    if (this.language === 'zh-cn') await speakChinese(this.folder);
    await mkdir(join(this.folder, 'bin'));
    if (options.program !== null) await this.addServer(options.program);
    if (options.bundled) {
      await mkdir(join(this.extension, 'server'));
      await symlink(program(), join(this.extension, 'server', 'ksext'));
    }
  }

  /** Puts a server on the `PATH`. @param {string} [path] */
  addServer(path = program()) {
    return symlink(path, join(this.folder, 'bin', 'ksext'));
  }

  /** Where our extension is installed. */
  get extension() {
    const folder = join(this.folder, 'extensions');
    return join(folder, readdirSync(folder).find((name) => name.startsWith('ksext.ksext-')) ?? '');
  }

  /** What our extension says it brings to the editor. */
  get manifest() {
    return JSON.parse(readFileSync(join(this.extension, 'package.json'), 'utf8'));
  }

  /** @param {string} folder */
  async #addExtension(folder) {
    const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const relativeLocation = `${publisher}.${name}-${version}`;
    const location = join(this.folder, 'extensions', relativeLocation);
    await cp(folder, location, { recursive: true });
    const list = join(this.folder, 'extensions', 'extensions.json');
    const known = JSON.parse(readFileSync(list, 'utf8'));
    const uri = { $mid: 1, path: location, scheme: 'file' };
    known.push({ identifier: { id: `${publisher}.${name}` }, version, location: uri, relativeLocation });
    await writeFile(list, JSON.stringify(known));
  }

  /**
   * Starts code-server and answers its address.
   * @param {Options} options
   */
  async #serve(options) {
    await writeFile(join(this.folder, 'config.yaml'), 'bind-addr: 127.0.0.1:0\nauth: none\ncert: false\n');
    const { env } = this.machine;
    const path = `${join(this.folder, 'bin')}:${env.PATH}`;
    const args = [
      ...profile(this.folder),
      ...['--locale', this.language],
      // The shell's own PATH stays away.
      ...['--vscode-option', 'force-disable-user-env'],
      // Runs tests in the extension host; shows no messages.
      ...(options.host ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ];
    const child = spawn(NODE, [ENTRY, ...args], {
      env: surroundings({ ...env, ...options.env, PATH: path, KSEXT_E2E_RESULT: this.#result }, this.folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    this.group = child.pid;
    groups.add(child.pid);
    child.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
    return new Promise((resolve, reject) => {
      child.once('close', () => reject(new Error(`code-server has ended:\n${this.log}`)));
      createInterface(child.stdout).on('line', (line) => {
        this.log += `${line}\n`;
        const address = line.match(/listening on (http:\/\/[\d.:]+)/)?.[1];
        if (address) resolve(address);
      });
    });
  }

  /** Ends the editor and all that it has started. */
  async end() {
    await end(this.group);
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
  }

  #listen() {
    this.page.on('console', (message) => {
      const said = `${message.text()} (${message.location().url})`;
      this.console += `[${message.type()}] ${said}\n`;
      if (message.type() === 'error' && OURS.test(said)) this.errors.push(said);
    });
    this.page.on('pageerror', (error) => {
      if (OURS.test(String(error.stack))) this.errors.push(String(error.stack));
    });
  }

  /**
   * Opens a folder, and waits until the editor is there.
   * @param {string} folder
   * @param {string} [file] that is opened with it, as a path below it
   * @param {Record<string, string>} [payload] how the window is started
   */
  async open(folder, file, payload = {}) {
    const all = file ? { openFile: this.uri(join(folder, file)), ...payload } : payload;
    const query = new URLSearchParams({ folder, payload: JSON.stringify(Object.entries(all)) });
    await this.page.goto(`${this.url}/?${query}`);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 2 * PATIENCE });
    if (file) await this.tab(basename(file)).waitFor();
    else await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /**
   * Runs a file of `vscode/host` beside the extension, and reports what it says as tests.
   * @param {import('node:test').TestContext} t
   * @param {string} folder that is opened
   * @param {string} file
   */
  async runInHost(t, folder, file) {
    for (const { name, error } of await this.hostResults(folder, file)) {
      await t.test(name, () => {
        if (error) throw new Error(error);
      });
    }
  }

  /**
   * What a file of `vscode/host` says.
   * @param {string} folder
   * @param {string} file
   * @returns {Promise<{ name: string, error?: string }[]>}
   */
  async hostResults(folder, file) {
    await this.open(folder, undefined, {
      extensionDevelopmentPath: this.uri(HOST),
      extensionTestsPath: this.uri(join(HOST, file)),
    });
    await until(() => existsSync(this.#result), `the results of ${file}`, 4 * PATIENCE);
    // The editor closes the window as soon as the tests are over, and finds fault with that.
    this.page.removeAllListeners('console');
    await writeFile(`${this.#result}.seen`, '');
    return JSON.parse(readFileSync(this.#result, 'utf8'));
  }

  get #result() {
    return join(this.folder, 'result.json');
  }

  /** Opens the window anew. */
  async reload() {
    await this.page.reload();
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 2 * PATIENCE });
  }

  /** A path as the editor knows it. @param {string} path */
  uri(path) {
    return `vscode-remote://${new URL(this.url).host}${path}`;
  }

  /**
   * Changes the user's settings beside those that all tests have.
   * @param {Record<string, unknown>} settings
   */
  async set(settings) {
    this.settings = { ...SETTINGS, ...this.settings, ...settings };
    await writeFile(join(this.folder, 'data', 'User', 'settings.json'), JSON.stringify(this.settings, null, 2));
  }

  /* What the user does. */

  /**
   * Presses keys until it shows.
   * @param {string} keys
   * @param {import('playwright-core').Locator} shows
   */
  async press(keys, shows) {
    await until(async () => {
      await this.page.keyboard.press(keys);
      return shows.waitFor({ timeout: PRESS }).then(() => true, () => false);
    }, `${keys} to do something`);
  }

  /** The field at the top: of the palette, of questions. */
  get input() {
    return this.page.locator('.quick-input-widget:visible input[type=text], .quick-input-widget:visible input[type=password]').first();
  }

  /** The rows below it. @param {string | RegExp} [text] */
  choice(text = '') {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /**
   * Types into the palette, and takes the row that says what it should. Whatever takes the focus meanwhile closes the palette.
   * @param {string} typed
   * @param {string} row
   */
  async #pick(typed, row) {
    const choice = this.page.locator('.quick-input-widget:visible .monaco-list-row', {
      has: this.page.locator('.label-name, .monaco-highlighted-label').getByText(row, { exact: true }),
    });
    const soon = { timeout: 2 * PRESS };
    await until(async () => {
      await this.press('F1', this.input);
      try {
        await this.input.fill(typed, soon);
        await choice.first().click(soon);
        return true;
      } catch {
        return false;
      }
    }, `${row} in the palette`);
  }

  /**
   * Runs one of our commands as a user does, by its title in the palette.
   * @param {string} id
   */
  async run(id) {
    await this.palette(this.titleOf(id));
  }

  /** What the palette calls one of our commands. @param {string} id */
  titleOf(id) {
    const texts = JSON.parse(readFileSync(join(this.extension, this.language === 'en' ? 'package.nls.json' : `package.nls.${this.language}.json`), 'utf8'));
    const { category, title } = this.manifest.contributes.commands.find(({ command }) => command === id);
    return `${category}: ${title.replace(/^%(.*)%$/, (_, key) => texts[key])}`;
  }

  /**
   * Runs a command by its title in the palette.
   * @param {string} title as it stands there, with its category
   */
  async palette(title) {
    await this.#pick(`>${title}`, title);
  }

  /**
   * Opens a file of the folder.
   * @param {string} path
   * @param {string} [at] `LINE:COLUMN`
   */
  async openFile(path, at) {
    await this.#pick(path, basename(path));
    await this.tab(basename(path)).waitFor();
    await this.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor();
    if (at) await this.goTo(at);
  }

  /** The tab of an editor. @param {string | RegExp} name */
  tab(name) {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  /** Moves the cursor of the editor. @param {string} at `LINE:COLUMN`, a Chinese character being two columns wide */
  async goTo(at) {
    const [line, column] = at.split(':');
    const reached = this.statusBar(new RegExp(`^(Ln|行) ${line}[,，]`));
    await until(async () => {
      await this.press('F1', this.input);
      try {
        await this.input.fill(`:${at}`, { timeout: PRESS });
        await this.choice(new RegExp(`${line}\\D+${column ?? ''}`)).waitFor({ timeout: PRESS });
        await this.page.keyboard.press('Enter');
        await reached.waitFor({ timeout: PRESS });
        return true;
      } catch {
        return false;
      }
    }, `the cursor to be at ${at}`);
  }

  /** Makes room. */
  async hideSideBar() {
    const bar = this.page.locator('.part.sidebar');
    await until(async () => {
      await this.page.keyboard.press('Control+B');
      return bar.waitFor({ state: 'hidden', timeout: PRESS }).then(() => true, () => false);
    }, 'the side bar to go');
  }

  /** Types at the cursor of the editor, without the help of completion. @param {string} text */
  async type(text) {
    await this.editor.locator('textarea, .native-edit-context').first().focus();
    await this.page.keyboard.insertText(text);
  }

  /** Saves the file that is open, and waits until it has been. */
  async save() {
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'hidden' });
  }

  /**
   * Chooses of what the light bulb offers at the cursor.
   * @param {string | RegExp} title
   */
  async quickFix(title) {
    const menu = this.page.locator('.action-widget').first();
    const row = menu.locator('.monaco-list-row', { hasText: title }).first();
    await until(async () => {
      await this.page.keyboard.press('Control+.');
      if (await row.waitFor({ timeout: PRESS }).then(() => true, () => false)) return true;
      await this.page.keyboard.press('Escape');
      return false;
    }, async () => `the fix ${title} in: ${await menu.innerText().catch(() => 'nothing')}`);
    await row.click();
    await menu.waitFor({ state: 'hidden' });
  }

  /* What the user sees. */

  /** The editor that is used, or the only one. */
  get editor() {
    return this.page.locator('.editor-group-container.active .editor-instance .monaco-editor').first();
  }

  /** The text that the editor shows, only what is in sight. */
  async text() {
    return plain(await this.editor.locator('.view-lines').first().innerText());
  }

  /**
   * What is underlined in the editor that is used: the characters above each line drawn, from left to right and top to bottom.
   * @returns {Promise<{ severity: string, line: number, text: string }[]>}
   */
  squiggles() {
    return this.editor.evaluate((editor) => {
      const middle = (/** @type {DOMRect} */ box) => (box.top + box.bottom) / 2;
      /** @type {{ character: string, box: DOMRect }[]} */
      const drawn = [];
      for (const line of editor.querySelectorAll('.view-line')) {
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          let at = 0;
          for (const character of walker.currentNode.textContent ?? '') {
            const range = document.createRange();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, (at += character.length));
            drawn.push({ character, box: range.getBoundingClientRect() });
          }
        }
      }
      const numbers = [...editor.querySelectorAll('.line-numbers')].map((number) => ({ number: Number(number.textContent), y: middle(number.getBoundingClientRect()) }));
      const found = [...editor.querySelectorAll('.cdr[class*="squiggly-"]:not([class*="inline"])')].map((squiggle) => {
        const box = squiggle.getBoundingClientRect();
        const above = drawn.filter((one) => {
          const x = (one.box.left + one.box.right) / 2;
          return x > box.left && x < box.right && middle(one.box) > box.top && middle(one.box) < box.bottom;
        });
        const line = numbers.find((number) => number.y > box.top && number.y < box.bottom)?.number ?? 0;
        const text = above.map((one) => one.character).join('').replaceAll('\u00a0', ' ');
        return { severity: /squiggly-(\w+)/.exec(squiggle.className)?.[1] ?? '', line, text };
      });
      return found.sort((one, other) => one.line - other.line);
    });
  }

  /** Waits until this is underlined. @param {string} text @param {string} [severity] @param {number} [patience] */
  async squiggle(text, severity, patience) {
    let seen = [];
    return until(
      async () => {
        seen = await this.squiggles();
        return seen.find((one) => one.text === text && (!severity || one.severity === severity));
      },
      () => `${text} to be underlined, but only ${JSON.stringify(seen)}`,
      patience,
    );
  }

  /** The rows of the Problems view, which is opened. @param {string | RegExp} [text] */
  async problems(text = '') {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.press('Control+Shift+M', panel);
    return panel.locator('.monaco-list-row', { hasText: text });
  }

  /** A link above a line. @param {string | RegExp} text */
  lens(text) {
    return this.page.locator('.codelens-decoration a', { hasText: text }).first();
  }

  /** A message at the lower right. @param {string | RegExp} text */
  notification(text) {
    const toast = this.page.locator('.notification-toast, .notifications-center .monaco-list-row', { hasText: text }).first();
    return Object.assign(toast, {
      /** @param {string | RegExp} name */
      button: (name) => toast.getByRole('button', { name }).first(),
    });
  }

  /** A question that has to be answered first. @param {string | RegExp} [text] */
  modal(text = '') {
    const dialog = this.page.locator('.monaco-dialog-box', { hasText: text }).first();
    return Object.assign(dialog, {
      /** @param {string | RegExp} name */
      button: (name) => dialog.getByRole('button', { name }).first(),
    });
  }

  /** An item at the lower edge. @param {string | RegExp} text */
  statusBar(text) {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  }

  /** The side bar with a view. @param {string | RegExp} title */
  view(title) {
    const bar = this.page.locator('.part.sidebar', { hasText: title });
    return Object.assign(bar, {
      /** A row of its tree. @param {string | RegExp} [text] */
      row: (text = '') => bar.locator('.monaco-list-row', { hasText: text }).first(),
    });
  }

  /**
   * What a webview shows.
   * @param {string | RegExp} title of its tab or view
   * @returns {Promise<import('playwright-core').Frame>}
   */
  webview(title) {
    const is = (/** @type {string | null} */ name) => (typeof title === 'string' ? name === title : title.test(name ?? ''));
    return until(async () => {
      for (const frame of this.page.frames()) {
        const element = await frame.frameElement().catch(() => null);
        // The frame with the content is in one of the editor's own; an older one may stand beside it for a moment.
        const [id, name] = element ? await Promise.all([element.getAttribute('id'), element.getAttribute('title')]).catch(() => []) : [];
        if (id === 'active-frame' && is(name) && (await element?.isVisible())) return frame;
      }
      return undefined;
    }, `the webview ${title}`);
  }

  /** What the extension has logged. */
  ownLog() {
    const logs = join(this.folder, 'data', 'logs');
    const files = readdirSync(logs, { recursive: true }).filter((name) => basename(String(name)) === 'KubeSphere.log');
    return files.map((name) => readFileSync(join(logs, String(name)), 'utf8')).join('');
  }

  /** The processes of this editor's language servers. */
  servers() {
    return this.processes().filter(({ words }) => words[0]?.endsWith('ksext') && words[1] === 'lsp');
  }

  /**
   * All processes of this editor, which have its folder in their environment: a terminal is in no group of ours.
   * @returns {{ id: number, words: string[] }[]}
   */
  processes() {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return ids.flatMap((id) => {
      try {
        const isOurs = readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(`KSEXT_E2E_RESULT=${this.#result}`);
        const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').slice(0, -1);
        return isOurs && words.length > 0 ? [{ id: Number(id), words }] : [];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
  }

  /** Saves what the window looks like, as `target/e2e/vscode/NAME.png`. @param {string} name */
  screenshot(name) {
    return shoot(this.page, `vscode/${name}`);
  }

  /** The same as `gallery/NAME.png`, for the extension's page: nothing hovered, nothing said, small enough. @param {string} name */
  async gallery(name) {
    await this.page.mouse.move(0, 0);
    await this.page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
    const picture = await this.screenshot(`gallery/${name}`);
    assert.ok(statSync(picture).size < GALLERY_LIMIT, `${picture} is larger than ${GALLERY_LIMIT} bytes`);
  }
}

/** @param {string} text as the editor draws it */
const plain = (text) => text.replaceAll('\u00a0', ' ');
