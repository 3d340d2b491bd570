/** What the tests in editors share: a machine that one is set up on as `editors/README.md` says. */

import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Machine, program } from './machine.mjs';
import { EDITORS, ROOT } from './programs.mjs';
import { Terminal } from './terminal.mjs';

/** Says that it is a language server, and nothing else. */
const MUTE = fileURLToPath(new URL('mute.mjs', import.meta.url));

/**
 * A machine with `ksext` on its `PATH` and this repository in `~/src/ksext`.
 * @param {import('node:test').TestContext} t
 * @param {{ mute?: boolean, programs?: string }} [options] whether that `ksext` is one that never reports anything; the
 * folder of `target/editors` with more programs
 */
export async function editorMachine(t, { mute = false, programs = '' } = {}) {
  const machine = await Machine.new(t);
  const [bin, run] = [join(machine.home, 'bin'), join(machine.home, 'run')];
  await mkdir(bin);
  await mkdir(run, { mode: 0o700 });
  await mkdir(join(machine.home, 'src'));
  await symlink(ROOT, join(machine.home, 'src', 'ksext'));
  await symlink(mute ? MUTE : program(), join(bin, 'ksext'));
  const path = [bin, join(EDITORS, programs, 'bin'), machine.env.PATH].join(':');
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...machine.env, PATH: path, XDG_RUNTIME_DIR: run };
  return Object.assign(machine, { env });
}

/**
 * A terminal on such a machine, with letters of all languages. Whatever was started in it ends with the test, also what
 * lives on without a terminal.
 * @param {import('node:test').TestContext} t
 * @param {Machine} machine
 * @param {string[]} command
 */
export function openTerminal(t, machine, command) {
  t.after(async () => {
    for (const { id } of await running(machine)) {
      try {
        process.kill(id, 'SIGKILL');
      } catch {
        // It has ended in the meantime.
      }
    }
  });
  const env = { ...machine.env, COLORTERM: 'truecolor', LC_ALL: 'C.UTF-8' };
  return Terminal.start(t, command, { env, cwd: machine.home, columns: 110, rows: 32 });
}

/** What is wrong in the manifest of `brokenPackage`. */
export const WRONG = {
  line: 25,
  key: 'mail',
  entry: 'mail: contact',
  fix: 'Rename to `email`',
  message: 'ksbuilder does not know `mail`',
};

/**
 * A package that can be pushed, with a finding behind Chinese text and an emoji.
 * @param {Machine} machine
 * @returns the path of its manifest
 */
export async function brokenPackage(machine) {
  const fixture = await readFile(join(ROOT, 'tests', 'fixtures', 'demo', 'extension.yaml'), 'utf8');
  const wrong = 'provider: {zh: {name: 示例🚀公司, mail: contact@example.com}, en: {name: Example Inc.}}\n';
  const manifest = fixture.replace(/^provider:\n(?: .*\n)+/m, wrong);
  const folder = await machine.package('示例', 'demo', { 'extension.yaml': manifest });
  return join(folder, 'extension.yaml');
}

/**
 * A piece of `editors/README.md` that a person copies.
 * @param {string} heading what it stands below
 * @param {string} language
 * @param {number} [nth] of that language, from 0
 */
export async function fromReadme(heading, language, nth = 0) {
  const text = await readFile(join(ROOT, 'editors', 'README.md'), 'utf8');
  const section = text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`));
  const piece = section?.split(`\`\`\`${language}\n`)[nth + 1]?.split('```')[0];
  if (!piece) throw new Error(`editors/README.md has no ${language} below "${heading}"`);
  return piece;
}

/**
 * Writes a file of the user's settings.
 * @param {Machine} machine
 * @param {string} path below the home
 * @param {...string} pieces
 */
export async function configure(machine, path, ...pieces) {
  await mkdir(join(machine.home, path, '..'), { recursive: true });
  await writeFile(join(machine.home, path), pieces.join('\n'));
}

/**
 * Waits until something is so, and answers it.
 * @template T
 * @param {() => Promise<T>} ask
 * @param {string} what
 * @param {number} [patience] in milliseconds
 * @returns {Promise<Exclude<T, false | '' | null | undefined>>}
 */
export async function eventually(ask, what, patience = 15_000) {
  for (const latest = Date.now() + patience; ; await sleep(50)) {
    const answer = await ask();
    if (answer) return /** @type {any} */ (answer);
    if (Date.now() > latest) throw new Error(`it never came to this: ${what}`);
  }
}

/**
 * The address that an editor was told to open; its settings note it in `~/page`.
 * @param {Machine} machine
 */
export async function pageOf(machine) {
  const noted = () => readFile(join(machine.home, 'page'), 'utf8').catch(() => '');
  return (await eventually(noted, 'a page is opened')).trim();
}

/**
 * Gives the key to the page that an editor was sent to, as a browser does.
 * @param {string} address
 * @param {string} key
 */
export async function signIn(address, key) {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ key }) });
  const page = await answer.text();
  if (!/role="?status/.test(page)) throw new Error(`the page answers ${answer.status}:\n${page}`);
}

/**
 * The reviewers agree to what was pushed.
 * @param {Machine} machine
 * @param {string} server
 * @param {string} name
 */
export async function approve(machine, server, name) {
  const { snapshots } = await machine.json(['get', name]);
  const answer = await fetch(`${server}/review/${snapshots[0].id}/approve`, { method: 'POST' });
  if (!answer.ok) throw new Error(`the sandbox answers ${answer.status}: ${await answer.text()}`);
}

/**
 * What still runs of all that was started on a machine; nothing where the system does not tell.
 * @param {Machine} machine
 */
export async function running(machine) {
  const found = [];
  for (const id of await readdir('/proc').catch(() => [])) {
    const read = (/** @type {string} */ name) => readFile(join('/proc', id, name), 'utf8').catch(() => '');
    if (/^\d+$/.test(id) && (await read('environ')).split('\0').includes(`HOME=${machine.home}`)) {
      found.push({ id: Number(id), command: (await read('cmdline')).replaceAll('\0', ' ').trim() });
    }
  }
  // The sandbox belongs to the test.
  return found.filter(({ command }) => !/ sandbox /.test(`${command} `));
}

/**
 * Waits until nothing runs any more.
 * @param {Machine} machine
 */
export async function nothingRuns(machine) {
  /** @type {{ command: string }[]} */
  let left = [];
  const ended = async () => (left = await running(machine)).length === 0;
  await eventually(ended, 'nothing runs any more').catch((error) => {
    throw new Error(`still running: ${left.map(({ command }) => command).join('; ')}`, { cause: error });
  });
}
