/**
 * The tables of `server/docs/ci.md` about the Action, from action.yml. Run by itself, as `cargo xtask gen` does, it writes
 * them into the pages; with `--check` it fails if they are not there.
 * What an input is for stands in Chinese in the Chinese page alone, which keeps it.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ROOT } from '../support/programs.mjs';
import { fromYaml } from './tools.mjs';

/** The pages, with the heads of their tables. */
export const PAGES = {
  'server/docs/ci.md': { inputs: ['Input', 'Default', ''], outputs: ['Output', ''] },
  'server/docs/ci_zh.md': { inputs: ['输入', '默认值', ''], outputs: ['输出', ''] },
};

/** @typedef {keyof typeof PAGES} Page */

/** @param {string[]} cells */
const row = (cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');

/** What the action declares. */
const action = async () => fromYaml(await readFile(join(ROOT, 'action.yml'), 'utf8'));

/**
 * A page with its tables as they have to be.
 * @param {Page} page
 * @param {string} text
 * @returns {Promise<string>}
 */
export async function withTables(page, text) {
  const declared = await action();
  for (const kind of /** @type {const} */ (['inputs', 'outputs'])) {
    const pattern = new RegExp(`(<!-- ${kind}: [^\\n]*-->\\n)(.*?)(<!-- end -->)`, 's');
    const [, head, old, end] = text.match(pattern) ?? [];
    if (head === undefined) throw new Error(`${page} has no place for ${kind}`);
    const rows = Object.entries(declared[kind]).map(([name, one]) => {
      const cells = kind === 'inputs' ? [`\`${name}\``, shown(one.default)] : [`\`${name}\``];
      return row([...cells, page.endsWith('_zh.md') ? description(old, name) : one.description]);
    });
    const titles = PAGES[page][kind];
    const table = [row(titles), `|${'---|'.repeat(titles.length)}`, ...rows].join('\n');
    text = text.replace(pattern, () => `${head}${table}\n${end}`);
  }
  return text;
}

/** @param {unknown} value the default of an input */
function shown(value) {
  return value ? `\`${String(value).replace(/^\$\{\{ (.*) \}\}$/, '$1')}\`` : '';
}

/** What a table says of a name in its last column. @param {string} table @param {string} name */
function description(table, name) {
  const found = table.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  const text = found?.split('|').at(-2)?.trim();
  if (!text) throw new Error(`the Chinese page does not say what \`${name}\` is: add its row`);
  return text;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const page of /** @type {Page[]} */ (Object.keys(PAGES))) {
    const path = join(ROOT, page);
    const text = await readFile(path, 'utf8');
    const wanted = await withTables(page, text);
    if (text === wanted) continue;
    if (process.argv.includes('--check')) throw new Error(`stale: ${page}; run \`cargo xtask gen\``);
    await writeFile(path, wanted);
  }
}
