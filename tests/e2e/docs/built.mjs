/** What cargo has built already, for a clone that builds again. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../support/programs.mjs';

/**
 * Puts what was built of others' packages into a clone's `target`, as links: it is never written again. What was built of
 * our own packages stays out. Cargo takes that of a clone for the same, and would not see that its sources differ.
 * @param {string} clone
 */
export async function shareBuilt(clone) {
  const from = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug');
  const ours = await ownNames();
  for (const part of ['deps', 'build', '.fingerprint']) {
    if (!existsSync(join(from, part))) continue;
    const to = join(clone, 'target', 'debug', part);
    await mkdir(to, { recursive: true });
    for (const entry of await readdir(join(from, part), { withFileTypes: true })) {
      const name = entry.name.replace(/^lib/, '').replace(/-[0-9a-f]{16}.*$/, '').replaceAll('-', '_');
      if (ours.has(name)) continue;
      const paths = /** @type {const} */ ([join(from, part, entry.name), join(to, entry.name)]);
      if (entry.isDirectory()) await cp(...paths, { recursive: true, preserveTimestamps: true });
      // Between two disks there are no links.
      else await link(...paths).catch(() => cp(...paths, { preserveTimestamps: true }));
    }
  }
}

/** What our packages and their programs, libraries and tests are called. @returns {Promise<Set<string>>} */
async function ownNames() {
  const args = ['metadata', '--no-deps', '--format-version=1', '--offline'];
  const { stdout } = await promisify(execFile)('cargo', args, { cwd: ROOT, maxBuffer: 1 << 24 });
  /** @type {{ name: string, targets: { name: string }[] }[]} */
  const packages = JSON.parse(stdout).packages;
  const names = packages.flatMap(({ name, targets }) => [name, ...targets.map((target) => target.name)]);
  return new Set(names.map((name) => name.replaceAll('-', '_')).filter((name) => name !== 'build_script_build'));
}
