/** What a release has, as `cargo xtask e2e install` has packed it around the program that is tested, served to this machine alone. */

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { ROOT } from '../support/programs.mjs';

/** Where the files are. */
export const DIST = join(ROOT, 'target', 'e2e', 'dist');

/** Where `cargo xtask` puts programs that look at a release. */
export const CHECKS = join(ROOT, 'target', 'tools', 'release', 'bin');

/** The version of everything. */
export const VERSION = /^version = "(.+)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))?.[1] ?? '';

/** The most that one program may take, in milliseconds. */
const PATIENCE = 60_000;

/** The files, without what is for other repositories. */
export function files() {
  if (!existsSync(DIST)) throw new Error('nothing is packed: run `cargo xtask e2e install`');
  return readdirSync(DIST, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

/** The one file whose name matches. @param {RegExp} pattern */
export function file(pattern) {
  const found = files().filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${pattern} is the name of ${found.length} files: ${found.join(', ')}`);
  return found[0];
}

/** The archive for this system. */
export const archive = () => file(/^ksext-.*\.(tar\.gz|zip)$/);

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, patience?: number }} [options] the most that it may take, in milliseconds
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function run(program, args, { env, cwd, patience = PATIENCE } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, timeout: patience, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...output, code }));
  });
}

/**
 * What a run that goes well prints.
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function ok(program, args, options) {
  const output = await run(program, args, options);
  if (output.code !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${output.code}:\n${output.stderr}${output.stdout}`);
  }
  return output.stdout;
}

/**
 * Serves what a function answers for a path, and notes the paths that were asked for.
 * @param {import('node:test').TestContext} t
 * @param {(path: string, base: string) => Buffer | string | undefined} answer nothing is 404
 */
export async function serve(t, answer) {
  /** @type {string[]} */
  const asked = [];
  let base = '';
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const body = answer(path, base);
    response.writeHead(body === undefined ? 404 : 200).end(body ?? 'not found');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  base = `http://127.0.0.1:${address.port}`;
  return { base, asked };
}

/**
 * A mirror of the releases, as `KSEXT_BASE_URL` names one.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, Buffer | string>} [instead] files that are others there
 */
export function mirror(t, instead = {}) {
  return serve(t, (path) => {
    const name = path.replace(`/v${VERSION}/`, '');
    if (!files().includes(name)) return undefined;
    return instead[name] ?? readFileSync(join(DIST, name));
  });
}

/**
 * A registry of npm with the packages of the release. Of those for other systems it has the description.
 * @param {import('node:test').TestContext} t
 */
export function registry(t) {
  /** @type {Map<string, { manifest: any, tarball: Buffer, name: string }>} */
  const packages = new Map();
  for (const name of files().filter((name) => name.endsWith('.tgz'))) {
    const manifest = JSON.parse(execFileSync('tar', ['-xOzf', join(DIST, name), 'package/package.json'], { encoding: 'utf8' }));
    packages.set(manifest.name, { manifest, tarball: readFileSync(join(DIST, name)), name });
  }
  return serve(t, (path, base) => {
    const tarball = [...packages.values()].find(({ name }) => path === `/-/${name}`);
    if (tarball) return tarball.tarball;
    const found = packages.get(path.slice(1));
    if (!found) return undefined;
    const { manifest, tarball: bytes, name } = found;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const version = { ...manifest, dist: { tarball: `${base}/-/${name}`, integrity } };
    return JSON.stringify({ name: manifest.name, 'dist-tags': { latest: VERSION }, versions: { [VERSION]: version } });
  });
}
