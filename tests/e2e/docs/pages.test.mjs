/** Every command of every page does what the page says. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'node:test';

import { ROOT } from '../support/programs.mjs';
import { blocksOf, commandsOf, isPrinted } from './blocks.mjs';
import { MAY_BE_MISSING, PAGES, RUNS_THIS } from './pages.mjs';
import { PLACES } from './places.mjs';
import { Shell } from './shell.mjs';

/** @typedef {import('./blocks.mjs').Block} Block */

/** The most that a page may take, in milliseconds; some build the program. */
const PATIENCE = 1_500_000;

for (const [page, place] of Object.entries(PAGES)) {
  test(page, { skip: process.platform === 'win32' && 'they are for bash', timeout: PATIENCE }, async (t) => {
    const shell = await Shell.open(t, { chinese: page.endsWith('_zh.md') });
    /** The folders of the places that have been made. @type {Map<string, string>} */
    const folders = new Map();
    let [here, sound] = [place, true];
    for (const block of await blocksOf(page)) {
      const moves = !folders.size || block.test.in;
      here = block.test.in ?? here;
      if (!folders.has(here)) folders.set(here, await PLACES[here](shell, t));
      const folder = moves ? folders.get(here) : undefined;
      if (block.file) {
        const file = join(folder ?? (await shell.folder()), block.file);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, `${block.text}\n`);
        continue;
      }
      const skip = (await leftOut(shell, page, block)) ?? (!sound && 'a block above it failed');
      await t.test(`line ${block.line}`, { skip, timeout: PATIENCE }, async () => {
        sound = false;
        await run(shell, block, folder);
        sound = true;
      });
    }
  });
}

test('every page with commands is in the list', async () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT });
  const pages = listed.toString().split('\n').filter((page) => page && !page.startsWith('tests/fixtures/'));
  for (const page of pages) {
    const blocks = await blocksOf(page);
    const is_run = blocks.some((block) => !block.file);
    assert.equal(page in PAGES, is_run, page);
  }
});

for (const [said, printed, expected] of /** @type {const} */ ([
  ['a\nb', 'a\nb\n', true],
  ['a\nb', 'a\nc\n', false],
  ['a\n…\nd', 'a\nb\nc\nd\n', true],
  ['a\n…\nd', 'a\nd\n', true],
  ['pushed … 1.0.0', 'pushed 示例 1.0.0', true],
  ['(1 + 1)?', '(1 + 1)?', true],
  ['a', 'a\nb', false],
])) {
  test(`“${said}” is ${expected ? '' : 'not '}what is said of “${printed}”`.replaceAll('\n', '⏎'), () => {
    assert.equal(isPrinted(said, printed), expected);
  });
}

/**
 * @param {Shell} shell
 * @param {Block} block
 * @param {string} [folder]
 */
async function run(shell, block, folder) {
  const { input, background, fails } = block.test;
  const status = Number(fails ?? 0);
  if (background !== undefined) return shell.background(block.text, background.replace(/^until /, ''), folder);
  if (block.language === 'sh') {
    const { code, said } = await shell.run(withoutThese(block.text), { folder, input });
    assert.equal(code, status, said);
    return;
  }
  const commands = commandsOf(block.text);
  for (const [index, { command, printed }] of commands.entries()) {
    const { code, said } = await shell.run(command, { folder: index ? undefined : folder, input });
    assert.ok(isPrinted(printed, said), `$ ${command}\n${said}\nis not what the page says:\n${printed}`);
    assert.equal(code, index === commands.length - 1 ? status : 0, said);
  }
}

/** @param {string} script */
function withoutThese(script) {
  return script.split('\n').filter((line) => !RUNS_THIS.test(line)).join('\n');
}

/**
 * Why a block is not run, if it is not.
 * @param {Shell} shell
 * @param {string} page
 * @param {Block} block
 */
async function leftOut(shell, page, { line, test: { needs, elsewhere } }) {
  if (elsewhere) {
    const text = await readFile(join(ROOT, 'tests', 'e2e', elsewhere), 'utf8');
    assert.ok(text.includes(page), `${page}:${line}: ${elsewhere} does not speak of it`);
    return `run by ${elsewhere}`;
  }
  if (!needs || (await shell.has(needs))) return undefined;
  assert.ok(MAY_BE_MISSING.includes(needs), `${page}:${line} needs ${needs}`);
  return `there is no ${needs} here`;
}

test('the command that runs all tests is the one that must pass', async () => {
  const [readme, ci] = await Promise.all(['README.md', '.ci/run'].map((file) => readFile(join(ROOT, file), 'utf8')));
  assert.match(readme, /^cargo xtask test\b/m);
  assert.match(ci, /^exec cargo xtask test$/m);
});
