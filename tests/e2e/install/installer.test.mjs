/** The installer, run by a shell on a user's machine. */

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';

import { Machine } from '../support/machine.mjs';
import { DIST, VERSION, archive, mirror, ok, run } from './release.mjs';

const INSTALLER = join(DIST, 'ksext-installer.sh');

/** What the installer needs of a system, apart from something that downloads. */
const NEEDED = ['awk', 'cat', 'chmod', 'cp', 'cut', 'gzip', 'mkdir', 'mktemp', 'mv', 'rm', 'sh', 'sha256sum', 'tar', 'uname'];

/**
 * A machine on which these programs are all that there is.
 * @param {import('node:test').TestContext} t
 * @param {string[]} programs
 */
async function machineWith(t, programs) {
  const machine = await Machine.new(t);
  const bin = join(machine.home, 'system');
  mkdirSync(bin);
  for (const name of programs) {
    const places = (machine.env.PATH ?? '').split(':').map((folder) => join(folder, name));
    symlinkSync(places.find(existsSync) ?? assert.fail(`there is no ${name} here`), join(bin, name));
  }
  const temporary = join(machine.home, 'tmp');
  mkdirSync(temporary);
  Object.assign(machine.env, { PATH: bin, TMPDIR: temporary });
  return machine;
}

/** @param {Machine} machine @param {NodeJS.ProcessEnv} env @param {string[]} [args] */
const install = (machine, env, args = []) => run('/bin/sh', [INSTALLER, ...args], { env: { ...machine.env, ...env }, cwd: machine.home });

/** Nothing was installed, and nothing lies about. @param {Machine} machine */
function nothingIsLeft(machine) {
  const bin = join(machine.home, '.local', 'bin');
  assert.deepEqual(existsSync(bin) ? readdirSync(bin) : [], []);
  assert.deepEqual(readdirSync(join(machine.home, 'tmp')), []);
}

for (const downloader of ['curl', 'wget']) {
  test(`the program is installed with ${downloader}`, async (t) => {
    const machine = await machineWith(t, [...NEEDED, downloader]);
    const { base, asked } = await mirror(t);
    const { code, stdout, stderr } = await install(machine, { KSEXT_BASE_URL: base });
    assert.equal(code, 0, stderr);
    const folder = join(machine.home, '.local', 'bin');
    assert.match(stdout, new RegExp(`Installed ksext ${VERSION}: ${folder}/ksext`));
    assert.match(stdout, /is not on your PATH.*\n {4}export PATH="/);
    assert.deepEqual(readdirSync(folder), ['ksext']);
    assert.equal(await ok(join(folder, 'ksext'), ['--version'], { env: machine.env }), `ksext ${VERSION}\n`);
    assert.deepEqual(asked, [`/v${VERSION}/SHA256SUMS`, `/v${VERSION}/${archive()}`]);
    assert.deepEqual(readdirSync(join(machine.home, 'tmp')), []);
  });
}

test('in Chinese, into a folder on the PATH with a space in its name, over a program that runs', async (t) => {
  const machine = await machineWith(t, [...NEEDED, 'curl']);
  const { base } = await mirror(t);
  const folder = join(machine.home, '我的 程序');
  machine.env.PATH += `:${folder}`;
  const env = { KSEXT_BASE_URL: `${base}/`, KSEXT_INSTALL_DIR: folder, LANG: 'zh_CN.UTF-8' };
  const first = await install(machine, env);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^正在下载 .*\n已安装 ksext .*\n$/);
  const running = machine.start(t, ['sandbox', '--port', '0'], {});
  await new Promise((resolve) => running.stdout.once('data', resolve));
  const again = await install(machine, env);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(running.exitCode, null);
});

test('an archive that was tampered with is refused', async (t) => {
  const machine = await machineWith(t, [...NEEDED, 'curl']);
  const bytes = readFileSync(join(DIST, archive()));
  bytes[bytes.length >> 1] ^= 1;
  const { base } = await mirror(t, { [archive()]: bytes });
  const { code, stderr } = await install(machine, { KSEXT_BASE_URL: base });
  assert.equal(code, 1);
  assert.match(stderr, /is not what was released: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}/);
  nothingIsLeft(machine);
});

test('a program that does not start replaces nothing', async (t) => {
  const machine = await machineWith(t, [...NEEDED, 'curl']);
  const root = archive().replace('.tar.gz', '');
  const broken = join(machine.home, root);
  mkdirSync(broken);
  writeFileSync(join(broken, 'ksext'), '#!/bin/sh\necho broken; exit 1\n');
  chmodSync(join(broken, 'ksext'), 0o755);
  await ok('tar', ['-czf', join(machine.home, archive()), '-C', machine.home, root]);
  const sum = await ok('sha256sum', [archive()], { cwd: machine.home });
  const { base } = await mirror(t, { [archive()]: readFileSync(join(machine.home, archive())), SHA256SUMS: sum });
  const { code, stderr } = await install(machine, { KSEXT_BASE_URL: base });
  assert.equal(code, 1);
  assert.match(stderr, /the program does not start from .*: broken/);
  nothingIsLeft(machine);
});

for (const { name, args = [], env = {}, programs = ['curl'], uname, says } of [
  { name: 'a version that there is not', args: ['--version', '9.9.9'], says: /cannot download http:.*\/v9\.9\.9\/SHA256SUMS: the server has no such file/ },
  { name: 'a version that there is not, with wget', args: ['--version', '9.9.9'], programs: ['wget'], says: /SHA256SUMS: the server has no such file/ },
  { name: 'a server that is not there, with wget', env: { KSEXT_BASE_URL: 'http://127.0.0.1:1' }, programs: ['wget'], says: /cannot download.*https_proxy/ },
  { name: 'what is no version', args: ['--version', '../x'], says: /`\.\.\/x` is no version/ },
  { name: 'an unknown option', args: ['--force'], says: /there is no option --force/ },
  { name: 'neither curl nor wget', programs: [], says: /neither curl nor wget is installed/ },
  { name: 'a server that is not there', env: { KSEXT_BASE_URL: 'http://127.0.0.1:1' }, says: /cannot download.*https_proxy/ },
  { name: 'a folder that cannot be made', env: { KSEXT_INSTALL_DIR: '/dev/null/bin' }, says: /cannot make the folder \/dev\/null\/bin/ },
  { name: 'another system', uname: 'SunOS', says: /there is no program for SunOS on SunOS, only for: .*x86_64-unknown-linux-musl/ },
  { name: '其他系统', uname: 'SunOS', env: { LC_ALL: 'zh_CN.UTF-8' }, says: /没有适用于 SunOS（SunOS）的程序/ },
]) {
  test(`told of and left alone: ${name}`, async (t) => {
    const machine = await machineWith(t, [...NEEDED, ...programs]);
    if (uname) {
      const fake = join(machine.home, 'other');
      mkdirSync(fake);
      writeFileSync(join(fake, 'uname'), `#!/bin/sh\necho ${uname}\n`, { mode: 0o755 });
      machine.env.PATH = `${fake}:${machine.env.PATH}`;
    }
    const { base } = await mirror(t);
    const { code, stderr } = await install(machine, { KSEXT_BASE_URL: base, ...env }, args);
    assert.equal(code, 1);
    assert.match(stderr, says);
    nothingIsLeft(machine);
  });
}

for (const downloader of ['curl', 'wget']) {
  test(`a server with trouble is told from a proxy, with ${downloader}`, async (t) => {
    const machine = await machineWith(t, [...NEEDED, downloader]);
    const server = createServer((_, response) => void response.writeHead(501).end());
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    t.after(() => server.close());
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    const { code, stderr } = await install(machine, { KSEXT_BASE_URL: `http://127.0.0.1:${port}` });
    assert.equal(code, 1);
    assert.match(stderr, /cannot download .*SHA256SUMS: the server answered 501/);
    assert.doesNotMatch(stderr, /https_proxy/);
    nothingIsLeft(machine);
  });
}

test('a folder named ksext is not installed into', async (t) => {
  const machine = await machineWith(t, [...NEEDED, 'curl']);
  const folder = join(machine.home, '.local', 'bin', 'ksext');
  mkdirSync(folder, { recursive: true });
  const { base } = await mirror(t);
  const { code, stdout, stderr } = await install(machine, { KSEXT_BASE_URL: base });
  assert.equal(code, 1);
  assert.match(stderr, /\/ksext is a folder; remove it/);
  assert.doesNotMatch(stdout, /Installed/);
  assert.deepEqual([readdirSync(folder), readdirSync(join(machine.home, '.local', 'bin'))], [[], ['ksext']]);
});

test('sums with the line ends of Windows are read', async (t) => {
  const machine = await machineWith(t, [...NEEDED, 'curl']);
  const sums = readFileSync(join(DIST, 'SHA256SUMS'), 'utf8').replaceAll('\n', '\r\n');
  const { base } = await mirror(t, { SHA256SUMS: sums });
  const { code, stderr } = await install(machine, { KSEXT_BASE_URL: base });
  assert.equal(code, 0, stderr);
});

test('the folder is told whole, and found on the PATH however it is written', async (t) => {
  const machine = await machineWith(t, [...NEEDED, 'curl']);
  const { base } = await mirror(t);
  const folder = join(machine.home, 'bin');
  const told = await install(machine, { KSEXT_BASE_URL: base, KSEXT_INSTALL_DIR: 'bin' });
  assert.equal(told.code, 0, told.stderr);
  assert.ok(told.stdout.includes(`\n    export PATH="${folder}:$PATH"\n`), told.stdout);
  const { PATH } = machine.env;
  for (const [dir, path] of [[`${folder}/`, folder], [folder, `${folder}/`], ['bin', folder]]) {
    const silent = await install(machine, { KSEXT_BASE_URL: base, KSEXT_INSTALL_DIR: dir, PATH: `${path}:${PATH}` });
    assert.equal(silent.code, 0, silent.stderr);
    assert.doesNotMatch(silent.stdout, /PATH/);
  }

  const older = join(machine.home, 'older');
  mkdirSync(older);
  writeFileSync(join(older, 'ksext'), '#!/bin/sh\n', { mode: 0o755 });
  const hidden = await install(machine, { KSEXT_BASE_URL: base, KSEXT_INSTALL_DIR: folder, PATH: `${older}:${folder}:${PATH}` });
  assert.equal(hidden.code, 0, hidden.stderr);
  assert.ok(hidden.stdout.includes(`Your PATH has another ksext before it, which \`ksext\` starts: ${older}/ksext.`), hidden.stdout);
});

test('help tells of everything that can be set, in both languages', async (t) => {
  const machine = await machineWith(t, NEEDED);
  for (const [LANG, says] of [['en_US.UTF-8', /^Installs ksext/], ['zh_CN.UTF-8', /^将 ksext/]]) {
    const { code, stdout } = await install(machine, { LANG: String(LANG) }, ['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /** @type {RegExp} */ (says));
    for (const wanted of ['--version', 'KSEXT_INSTALL_DIR', 'KSEXT_BASE_URL']) assert.ok(stdout.includes(wanted), wanted);
  }
});

test('the script is of any POSIX shell', async () => {
  await ok('shellcheck', ['--shell=sh', INSTALLER]);
});
