/** A terminal window as a page's reader has it: commands one after the other, the folder and the variables kept. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { ENTRY, NODE } from '../support/code.mjs';
import { Machine, program } from '../support/machine.mjs';
import { EDITORS, ROOT } from '../support/programs.mjs';

/** The most that one block may take, in milliseconds; some build. */
const PATIENCE = 900_000;

/** The port that the sandbox has in the pages; in the tests it is one that is free. */
const PORT = '8642';

/** Whatever still runs when this process ends goes with it. @type {Set<ReturnType<typeof spawn>>} */
const running = new Set();
process.on('exit', () => running.forEach(end));

export class Shell {
  /** What goes on in the background. @type {ReturnType<typeof spawn> | undefined} */
  #background;

  /**
   * @param {Machine} machine
   * @param {string} port
   */
  constructor(machine, port) {
    this.machine = machine;
    this.port = port;
    this.state = join(machine.home, '.shell');
  }

  /**
   * @param {import('node:test').TestContext} t
   * @param {{ chinese?: boolean }} options whether its user reads Chinese
   */
  static async open(t, { chinese = false } = {}) {
    const machine = await Machine.new(t);
    const shell = new Shell(machine, String(await freePort()));
    const bin = join(machine.home, 'bin');
    for (const folder of [bin, shell.state]) await mkdir(folder);
    await writeFile(join(shell.state, 'folder'), machine.home);
    for (const [name, script] of Object.entries(shell.#programs())) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    machine.env = {
      ...machine.env,
      PATH: [bin, join(machine.home, '.local', 'bin'), machine.env.PATH].join(delimiter),
      LANG: chinese ? 'zh_CN.UTF-8' : 'en_US.UTF-8',
      // What cargo has fetched and built is used again.
      CARGO_HOME: process.env.CARGO_HOME ?? join(homedir(), '.cargo'),
      RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), '.rustup'),
      CARGO_INSTALL_ROOT: join(machine.home, '.cargo'),
      CARGO_NET_OFFLINE: 'true',
    };
    t.after(() => shell.#endBackground());
    return shell;
  }

  /**
   * Runs a script to its end.
   * @param {string} script
   * @param {{ folder?: string, input?: string }} options where, if not where the last one ended; what is typed
   * @returns {Promise<{ code: number | null, said: string }>} both streams as they came
   */
  async run(script, { folder, input = '' } = {}) {
    const child = await this.#start(script, folder);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    // It may end without having read.
    child.stdin.on('error', () => {});
    child.stdin.end(input && `${input}\n`);
    const patience = setTimeout(() => end(child), PATIENCE);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    clearTimeout(patience);
    end(child);
    return { code, said: said.replaceAll(this.port, PORT) };
  }

  /**
   * Starts a script and leaves it running, instead of the one before.
   * @param {string} script
   * @param {string} until what it prints when it is ready
   * @param {string} [folder]
   */
  async background(script, until, folder) {
    await this.#endBackground();
    const child = await this.#start(script, folder);
    this.#background = child;
    let said = '';
    await new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`it did not say “${until}”:\n${said}`)), PATIENCE);
      const hear = (/** @type {string} */ text) => {
        said += text;
        if (!said.replaceAll(this.port, PORT).includes(until)) return;
        clearTimeout(patience);
        resolve(undefined);
      };
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
      child.once('exit', (code) => {
        clearTimeout(patience);
        reject(new Error(`it ended with ${code}:\n${said}`));
      });
    });
  }

  /** Whether there is a program of that name. @param {string} name */
  async has(name) {
    return (await this.run(`command -v ${name}`)).code === 0;
  }

  async #endBackground() {
    const child = this.#background;
    this.#background = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    end(child);
    await ended;
  }

  /**
   * @param {string} script
   * @param {string} [folder]
   */
  async #start(script, folder) {
    const [at, variables] = [join(this.state, 'folder'), join(this.state, 'variables')];
    if (folder) await writeFile(at, folder);
    const file = join(this.state, 'script');
    await writeFile(file, script.replaceAll(PORT, this.port));
    const around = `
      if [[ -f "$2" ]]; then source "$2"; fi
      cd "$(cat "$1")"
      trap 'pwd > "$1"; export -p > "$2"' EXIT
      source "$3"`;
    const child = spawn('bash', ['--norc', '-euo', 'pipefail', '-c', around, 'page', at, variables, file], {
      env: this.machine.env,
      // A group of its own, which ends as a whole.
      detached: true,
      stdio: 'pipe',
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
  }

  /** What is on the `PATH` beside the system's programs, by their names. @returns {Record<string, string>} */
  #programs() {
    const validators = join(ROOT, 'target', 'tools', 'validators', 'bin');
    const nvim = join(EDITORS, 'neovim', 'bin', 'nvim');
    const profile = '--user-data-dir "$HOME/.vscode/data" --extensions-dir "$HOME/.vscode/extensions"';
    return {
      // Its sandbox listens where it is free.
      ksext: `case "$*" in
  *--port*) ;;
  sandbox*) shift && set -- sandbox --port ${this.port} "$@" ;;
esac
exec '${program()}' "$@"`,
      'check-jsonschema': `exec '${validators}/check-jsonschema' "$@"`,
      ...(existsSync(nvim) && { nvim: `exec '${nvim}' "$@"` }),
      ...(existsSync(ENTRY) && { code: `exec '${NODE}' '${ENTRY}' ${profile} "$@"` }),
    };
  }

  /** The folder that the last script ended in. */
  async folder() {
    return (await readFile(join(this.state, 'folder'), 'utf8')).trim();
  }
}

/** @param {ReturnType<typeof spawn>} child */
function end(child) {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
