/**
 * A user's machine: the program with a home of its own, and a local KubeSphere Cloud. Everything that is started ends with the
 * test that started it.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { ROOT } from './programs.mjs';

/** A key of the shape that KubeSphere Cloud gives out. */
export const KEY = 'kck-1e63267b-cb3c-4757-b739-3d94a06781aa';

/** The most that one call of the program may take, in milliseconds. */
const PATIENCE = 30_000;

/** Whatever still runs when this process ends goes with it. */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
// So that it is the same for a file of tests that has taken too long.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));

/** @typedef {{ code: number | null, stdout: string, stderr: string }} Output */

/** The program: `KSEXT`, else what cargo built last. */
export function program() {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
  const path = process.env.KSEXT ?? join(target, 'debug', `ksext${suffix}`);
  if (!existsSync(path)) throw new Error(`no program at ${path}: run \`cargo build\`, or name one in KSEXT`);
  return path;
}

/**
 * A folder that is gone after the test.
 * @param {import('node:test').TestContext} t
 */
export async function temporaryFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), 'ksext-e2e-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export class Machine {
  /** What is done before the home goes. @type {(() => Promise<unknown>)[]} */
  #endings = [];

  /** @param {string} home */
  constructor(home) {
    this.home = home;
    this.env = {
      PATH: process.env.PATH,
      SystemRoot: process.env.SystemRoot,
      HOME: home,
      USERPROFILE: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_STATE_HOME: join(home, '.local', 'state'),
      LANG: 'en_US.UTF-8',
    };
  }

  /** @param {import('node:test').TestContext} t */
  static async new(t) {
    const machine = new Machine(await mkdtemp(join(tmpdir(), 'ksext-e2e-')));
    t.after(async () => {
      try {
        for (const end of machine.#endings) await end();
      } finally {
        await rm(machine.home, { recursive: true, force: true, maxRetries: 10 });
      }
    });
    return machine;
  }

  /** Has something done after the test, while the home is still there. @param {() => Promise<unknown>} end */
  beforeItGoes(end) {
    this.#endings.push(end);
  }

  /**
   * Starts the program and leaves it to the caller; it is killed after the test.
   * @param {import('node:test').TestContext} t
   * @param {string[]} args
   * @param {NodeJS.ProcessEnv} [env] beside what the machine has
   */
  start(t, args, env = {}) {
    const child = spawn(program(), args, { env: { ...this.env, ...env }, cwd: this.home });
    running.add(child);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.once('close', () => running.delete(child));
    t.after(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return child;
  }

  /**
   * Runs the program to its end.
   * @param {string[]} args
   * @param {string} [stdin]
   * @returns {Promise<Output>}
   */
  run(args, stdin = '') {
    return new Promise((resolve, reject) => {
      const child = spawn(program(), args, { env: this.env, cwd: this.home, timeout: PATIENCE });
      running.add(child);
      const output = { code: null, stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
      child.once('error', reject);
      // It may end without having read.
      child.stdin.on('error', () => {});
      child.once('close', (code) => {
        running.delete(child);
        resolve({ ...output, code });
      });
      child.stdin.end(stdin);
    });
  }

  /**
   * What a run that goes well prints.
   * @param {string[]} args
   * @param {string} [stdin]
   */
  async ok(args, stdin) {
    const output = await this.run(args, stdin);
    if (output.code !== 0) throw new Error(`ksext ${args.join(' ')} ended with ${output.code}:\n${output.stderr}${output.stdout}`);
    return output.stdout;
  }

  /**
   * The answer of a run that goes well.
   * @param {string[]} args
   */
  async json(args) {
    return JSON.parse(await this.ok([...args, '--format', 'json']));
  }

  /**
   * Starts `ksext sandbox` on a free port and answers its address, without a trailing slash.
   * @param {import('node:test').TestContext} t
   * @param {string[]} [args]
   */
  async sandbox(t, args) {
    return (await this.startSandbox(t, args)).url;
  }

  /**
   * The same, with the process.
   * @param {import('node:test').TestContext} t
   * @param {string[]} [args] `--port` among them for one that is not free to choose
   */
  async startSandbox(t, args = []) {
    const port = args.includes('--port') ? [] : ['--port', '0'];
    const child = this.start(t, ['sandbox', ...port, ...args]);
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
    for await (const line of createInterface(child.stdout)) {
      const url = line.match(/^listening on (http:\/\/\S+)$/)?.[1];
      if (!url) break;
      child.stdout.resume();
      return { url, child };
    }
    throw new Error(`the sandbox did not say where it listens:\n${log}`);
  }

  /**
   * Logs in.
   * @param {string} server
   */
  logIn(server) {
    return this.ok(['login', '--token-stdin', '--server', server], `${KEY}\n`);
  }

  /**
   * A package in the home: a copy of one of `tests/fixtures`, with these files on top.
   * @param {string} name the folder
   * @param {string} fixture
   * @param {Record<string, string | Buffer>} [files]
   */
  async package(name, fixture, files = {}) {
    const folder = join(this.home, name);
    await cp(join(ROOT, 'tests', 'fixtures', fixture), folder, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return folder;
  }
}
