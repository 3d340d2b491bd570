/** A terminal that a test types into and looks at: tmux, on a socket of its own. */

import { execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { SHOTS } from './programs.mjs';

const run = promisify(execFile);

/** How long something may take to appear, in milliseconds. */
const PATIENCE = 15_000;

/** How often the screen is looked at, in milliseconds. */
const INTERVAL = 30;

/** The sockets of terminals; what still runs in one when this process ends goes with it. @type {Set<string>} */
const sockets = new Set();
process.on('exit', () => {
  for (const socket of sockets) {
    try {
      execFileSync('tmux', ['-L', socket, 'kill-server'], { stdio: 'ignore', timeout: 2_000 });
    } catch {
      // It has ended already.
    }
  }
});

export class Terminal {
  #socket = `ksext-e2e-${process.pid}-${randomUUID().slice(0, 8)}`;

  /** @param {NodeJS.ProcessEnv} env */
  constructor(env) {
    this.env = { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor' };
  }

  /**
   * Runs a program in a terminal, which is closed after the test.
   * @param {import('node:test').TestContext} t
   * @param {string[]} command
   * @param {{ env: NodeJS.ProcessEnv, cwd: string, columns?: number, rows?: number }} options
   */
  static async start(t, command, { env, cwd, columns = 100, rows = 30 }) {
    const terminal = new Terminal(env);
    sockets.add(terminal.#socket);
    t.after(async () => {
      await terminal.#tmux('kill-server').catch(() => {});
      sockets.delete(terminal.#socket);
    });
    const size = ['-x', String(columns), '-y', String(rows)];
    // What tmux tells programs of the terminal is that of a common one with all colours.
    await terminal.#tmux(
      'start-server',
      ...[';', 'set', '-g', 'default-terminal', 'tmux-256color'],
      ...[';', 'set', '-g', 'status', 'off'],
      ...[';', 'set', '-g', 'escape-time', '0'],
      ...[';', 'set', '-ga', 'terminal-overrides', ',*:RGB'],
      ...[';', 'new-session', '-d', '-c', cwd, ...size, command.map(quote).join(' ')],
    );
    return terminal;
  }

  /** @param {string[]} words */
  async #tmux(...words) {
    const { stdout } = await run('tmux', ['-u', '-L', this.#socket, '-f', '/dev/null', ...words], { env: this.env });
    return stdout;
  }

  /** The screen as text, without blanks at the ends of lines. */
  screen() {
    return this.#tmux('capture-pane', '-p');
  }

  /**
   * Types text as it is.
   * @param {string} text
   */
  async type(text) {
    await this.#tmux('send-keys', '-l', '--', text);
  }

  /**
   * Presses keys by their tmux names, such as `Enter`, `Escape`, `C-c`.
   * @param {string[]} keys
   */
  async press(...keys) {
    await this.#tmux('send-keys', ...keys);
  }

  /**
   * Waits until the screen shows something; answers the screen.
   * @param {string | RegExp} what
   */
  async shows(what) {
    return this.#until((screen) => (typeof what === 'string' ? screen.includes(what) : what.test(screen)), `shows ${what}`);
  }

  /**
   * Waits until the screen shows something no more.
   * @param {string} what
   */
  async hides(what) {
    return this.#until((screen) => !screen.includes(what), `hides ${what}`);
  }

  /**
   * @param {(screen: string) => boolean} isSo
   * @param {string} what
   */
  async #until(isSo, what) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const screen = await this.screen();
      if (isSo(screen)) return screen;
      if (Date.now() > end) throw new Error(`the terminal never ${what}; it shows:\n${screen}`);
      await sleep(INTERVAL);
    }
  }

  /** The id of the process that runs in it. */
  async process() {
    return Number(await this.#tmux('display-message', '-p', '#{pane_pid}'));
  }

  /** Waits until the program has ended. */
  async ended() {
    const end = Date.now() + PATIENCE;
    while (await this.#tmux('has-session').then(() => true, () => false)) {
      if (Date.now() > end) throw new Error(`the program never ended; the terminal shows:\n${await this.screen()}`);
      await sleep(INTERVAL);
    }
  }

  /**
   * Saves the screen with its colours (SGR sequences) as `target/e2e/NAME.ansi`, for `cargo xtask picture`.
   * @param {string} name
   */
  async shoot(name) {
    const path = join(SHOTS, `${name}.ansi`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await this.#tmux('capture-pane', '-p', '-e'));
    return path;
  }
}

/** @param {string} word */
function quote(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
