/** Neovim with the plugin, on a machine of its own: driven from Lua without a window, or by keys in a terminal. */

import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { program } from '../support/machine.mjs';
import { EDITORS, ROOT, findProgram } from '../support/programs.mjs';
import { Terminal } from '../support/terminal.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));

/** The plugin as a plugin manager gets it. */
export const PLUGIN = join(ROOT, 'editors', 'neovim');

/** The most that one run may take, in milliseconds. */
const PATIENCE = 45_000;

/** The program. */
export function nvim() {
  return findProgram('KSEXT_NVIM', {
    names: ['nvim'],
    places: [join(EDITORS, 'neovim', 'bin', 'nvim')],
    hint: 'no Neovim found: `cargo xtask e2e neovim` installs one',
  });
}

/**
 * What Neovim is told of the machine. The plugin is a package in the user's own folder, as `git clone` leaves it.
 * @param {import('../support/machine.mjs').Machine} machine
 * @param {NodeJS.ProcessEnv} [env]
 */
function environment(machine, env = {}) {
  const packages = join(machine.home, '.local', 'share', 'nvim', 'site', 'pack', 'test', 'start');
  mkdirSync(packages, { recursive: true });
  try {
    symlinkSync(PLUGIN, join(packages, 'ksext'), 'dir');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  return {
    ...machine.env,
    XDG_DATA_HOME: join(machine.home, '.local', 'share'),
    XDG_RUNTIME_DIR: machine.home,
    NVIM_LOG_FILE: join(machine.home, 'nvim.log'),
    KSEXT_E2E_PROGRAM: program(),
    KSEXT_E2E_SUPPORT: HERE,
    ...env,
  };
}

/**
 * Runs a scenario of `scenarios/` without a window and answers what it has reported.
 * @param {import('node:test').TestContext} t
 * @param {import('../support/machine.mjs').Machine} machine
 * @param {string} name of the scenario
 * @param {{ arguments?: Record<string, unknown>, env?: NodeJS.ProcessEnv, cwd?: string }} [options] the scenario's
 * arguments; variables; the folder to start in
 * @returns {Promise<any>}
 */
export async function play(t, machine, name, { arguments: given = {}, env = {}, cwd = machine.home } = {}) {
  const child = spawn(nvim(), ['--headless', '-u', join(HERE, 'driver.lua')], {
    env: environment(machine, {
      ...env,
      KSEXT_E2E_SCENARIO: join(HERE, 'scenarios', `${name}.lua`),
      KSEXT_E2E_ARGUMENTS: JSON.stringify({ home: machine.home, ...given }),
    }),
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const report = output.match(/^@report (.*)$/m)?.[1];
  if (code !== 0 || report === undefined) throw new Error(`the scenario ${name} ended with ${code}:\n${output}`);
  return JSON.parse(report);
}

/**
 * Neovim in a terminal.
 * @param {import('node:test').TestContext} t
 * @param {import('../support/machine.mjs').Machine} machine
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, columns?: number, rows?: number }} [options]
 */
export function open(t, machine, args, { env, cwd = machine.home, ...size } = {}) {
  const command = [nvim(), '-u', join(HERE, 'driver.lua'), ...args];
  return Terminal.start(t, command, { env: environment(machine, env), cwd, ...size });
}
