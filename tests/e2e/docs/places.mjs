/** Where a page's commands run. */

import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../support/programs.mjs';
import { shareBuilt } from './built.mjs';

/** @typedef {import('./shell.mjs').Shell} Shell */

/**
 * THE list of places, each with how it is made; it answers the folder.
 * @type {Record<string, (shell: Shell, t: import('node:test').TestContext) => Promise<string>>}
 */
export const PLACES = {
  /** An empty folder. */
  folder: (shell) => made(join(shell.machine.home, 'work')),

  /** This repository itself, for what only writes below `target`. */
  here: async () => ROOT,

  /** A repository of its own with what this one holds at the moment. */
  clone: async (shell) => {
    const folder = await made(join(shell.machine.home, 'src', 'ksext'));
    const run = promisify(execFile);
    const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
    for (const path of listed.stdout.split('\0').filter((path) => path && existsSync(join(ROOT, path)))) {
      await made(dirname(join(folder, path)));
      await cp(join(ROOT, path), join(folder, path), { verbatimSymlinks: true });
    }
    const author = ['-c', 'user.name=ksext', '-c', 'user.email=ksext@example.com'];
    await run('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: folder });
    await run('git', ['add', '--all'], { cwd: folder });
    await run('git', [...author, 'commit', '--quiet', '--message', 'As it is'], { cwd: folder });
    await shareBuilt(folder);
    // Only our own packages have any.
    shell.machine.env.CARGO_PROFILE_DEV_DEBUG = 'none';
    return folder;
  },

  /** A package that can be pushed, by somebody who is logged in to a sandbox. */
  package: async (shell, t) => {
    const server = await shell.machine.sandbox(t);
    await shell.machine.logIn(server);
    return shell.machine.package('demo', 'demo');
  },
};

/** @param {string} folder */
async function made(folder) {
  await mkdir(folder, { recursive: true });
  return folder;
}
