/** Every other way to the program, and what is handed in to other repositories. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { blocksOf } from '../docs/blocks.mjs';
import { nvim } from '../neovim/neovim.mjs';
import { nothingRuns } from '../support/editors.mjs';
import { Machine, program } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { DIST, VERSION, archive, file, ok } from './release.mjs';

test('pip puts the program into an environment', async (t) => {
  const machine = await Machine.new(t);
  const options = { env: machine.env, cwd: machine.home };
  await ok('python3', ['-m', 'venv', '.venv'], options);
  const bin = join(machine.home, '.venv', 'bin');
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--no-index', '--find-links', DIST, 'ksext'];
  await ok(join(bin, 'pip'), pip, options);
  assert.equal(await ok(join(bin, 'ksext'), ['--version'], options), `ksext ${VERSION}\n`);
  assert.match(await ok(join(bin, 'pip'), ['show', 'ksext'], options), /^Summary: Language server/m);
  await ok(join(bin, 'pip'), ['uninstall', '--quiet', '--yes', 'ksext'], options);
  assert.ok(!existsSync(join(bin, 'ksext')));
});

test('cargo installs it from the sources, as server/docs/install.md and install_zh.md say', async (t) => {
  const machine = await Machine.new(t);
  /** @type {string[]} */
  const said = [];
  for (const page of ['server/docs/install.md', 'server/docs/install_zh.md']) {
    const blocks = await blocksOf(page);
    said.push(...blocks.filter(({ test }) => test.elsewhere === 'install/others.test.mjs').map(({ text }) => text));
  }
  assert.deepEqual(said, Array(2).fill('cargo install --locked --path server/ksext'));
  // What is tested was built in this profile a moment ago.
  const profile = /[\\/]release[\\/][^\\/]+$/.test(program()) ? [] : ['--debug'];
  const args = [...said[0].split(' ').slice(1), '--quiet', '--root', machine.home, ...profile];
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
  await ok('cargo', args, { cwd: ROOT, env: { ...process.env, CARGO_TARGET_DIR: target }, patience: 600_000 });
  assert.equal(await ok(join(machine.home, 'bin', 'ksext'), ['--version'], { env: machine.env }), `ksext ${VERSION}\n`);
});

test("Homebrew's formula is Ruby, and names the archive with its checksum", async () => {
  const path = join(DIST, 'homebrew', 'ksext.rb');
  await ok('ruby', ['-c', path]);
  const formula = readFileSync(path, 'utf8');
  const sum = readFileSync(join(DIST, 'SHA256SUMS'), 'utf8').split('\n').find((line) => line.endsWith(`  ${archive()}`));
  assert.ok(formula.includes(`/releases/download/v${VERSION}/${archive()}"\n      sha256 "${sum?.split(' ')[0]}"`), formula);
});

test("mason's entry names an archive and the program in it for each system", async () => {
  const path = join(DIST, 'mason', 'package.yaml');
  const ruby = 'require "yaml"; require "json"; puts JSON.generate(YAML.safe_load(File.read(ARGV[0])))';
  const entry = JSON.parse(await ok('ruby', ['-e', ruby, path]));
  assert.match(entry.source.id, new RegExp(`^pkg:github/[^/@]+/[^/@]+@v${VERSION}$`));
  assert.deepEqual(
    entry.source.asset.map((/** @type {any} */ it) => it.target),
    ['linux_x64', 'linux_arm64', 'darwin_x64', 'darwin_arm64', 'win_x64'],
  );
  const ours = entry.source.asset.find((/** @type {any} */ it) => it.file === archive());
  await ok('tar', ['-tzf', join(DIST, archive()), ours.bin]);
  assert.deepEqual([entry.bin, entry.neovim], [{ ksext: '{{source.asset.bin}}' }, { lspconfig: 'ksext' }]);
});

test("nvim-lspconfig's entry starts the server in Neovim, for packages alone", async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo', { '.git/HEAD': '' });
  writeFileSync(join(machine.home, 'other.yaml'), 'a: 1\n');
  const bin = join(machine.home, 'bin');
  mkdirSync(bin);
  symlinkSync(program(), join(bin, 'ksext'));
  const script = join(machine.home, 'try.lua');
  writeFileSync(
    script,
    `vim.opt.runtimepath:prepend('${join(DIST, 'nvim-lspconfig')}')
vim.lsp.enable('ksext')
vim.cmd.edit('other.yaml')
vim.cmd.edit('demo/extension.yaml')
local ready = vim.wait(20000, function()
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'ksext' })[1]
  return client and client.initialized
end)
assert(ready, 'no server')
assert(#vim.lsp.get_clients({ bufnr = vim.fn.bufnr('other.yaml') }) == 0, 'a server for other YAML')
io.stdout:write(vim.fs.basename(vim.lsp.get_clients({ bufnr = 0 })[1].root_dir), '\\n')
vim.cmd.qall()
`,
  );
  const env = { ...machine.env, PATH: `${bin}:${machine.env.PATH}`, XDG_RUNTIME_DIR: machine.home };
  const said = await ok(nvim(), ['--headless', '--clean', '-c', 'filetype on', '-c', `luafile ${script}`], { env, cwd: machine.home });
  assert.equal(said.trim(), 'demo');
  await nothingRuns(machine);
});

test('the packages of all ways have one program', async (t) => {
  const machine = await Machine.new(t);
  const options = { cwd: machine.home };
  await ok('tar', ['-xzf', join(DIST, archive())], options);
  await ok('tar', ['-xzf', join(DIST, file(/^ksext-.+-.+-[\d.]+\.tgz$/))], options);
  await ok('python3', ['-m', 'zipfile', '-e', join(DIST, file(/\.whl$/)), '.'], options);
  const folder = archive().replace('.tar.gz', '');
  const places = [`${folder}/ksext`, 'package/ksext', `ksext-${VERSION}.data/scripts/ksext`];
  for (const place of places) {
    assert.ok(readFileSync(join(machine.home, place)).equals(readFileSync(program())), place);
  }
});
