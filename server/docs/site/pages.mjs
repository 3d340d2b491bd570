/**
 * The site's pages: `pages.json` is THE list, in the order of the navigation, each with its address on the site and its
 * file in the repository.
 *
 * | In the list | Meaning |
 * |---|---|
 * | `file` | the English page; the Chinese one is beside it, as `NAME_zh.md` or `NAME.zh-cn.md` |
 * | `title` | what the navigation calls it, if not by its heading |
 * | `split` | each section of level 2 is a page of its own, named like its anchor |
 * | `folder` | the other pages of its folder follow it |
 * | `leftOut` | pages below these are not part of the site |
 * | `hosts` | what pages lead to elsewhere; `tests/it/links.rs` reads this too |
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { slug } from 'github-slugger';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the site is made: the pages as VitePress reads them, and what it makes of them. */
export const STAGED = join(ROOT, 'target', 'site', 'pages');
export const BUILT = join(ROOT, 'target', 'site', 'html');

/** Where the repository is published, and the site with it, as GitHub Pages names it. */
export const REPOSITORY = /** @type {string} */ (
  /^repository = "(.*)"$/m.exec(readFileSync(join(ROOT, 'Cargo.toml'), 'utf8'))?.[1]
);
const [owner, name] = REPOSITORY.split('/').slice(-2);
export const BASE = `/${name}/`;
export const SITE = `https://${owner}.github.io${BASE}`;

/** @typedef {'en' | 'zh'} Language */
/** @type {Language[]} */
export const LANGUAGES = ['en', 'zh'];

/**
 * @typedef {object} Page
 * @property {string} address below the site's root and its language, without an ending
 * @property {Language} language
 * @property {string} file in the repository
 * @property {boolean} translated whether `file` is in that language
 * @property {string} [section] the heading that it is cut out by
 * @property {string} title what the navigation calls it
 * @property {string} text its Markdown
 * @property {Page[]} below pages that belong to it
 */

const LIST = JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));

/** Where pages lead to elsewhere. @type {string[]} */
export const HOSTS = LIST.hosts;

/** Whether a Markdown file of the repository is meant not to be a page. @param {string} file */
export const isLeftOut = (file) => LIST.leftOut.some((/** @type {string} */ start) => file.startsWith(start));

/**
 * The navigation of a language.
 * @param {Language} language
 * @returns {{ title: string, pages: Page[] }[]}
 */
export function groups(language) {
  return LIST.groups.map((/** @type {any} */ group) => ({
    title: group.title[language],
    pages: Object.entries(group.pages).map(([address, entry]) => page(address, entry, language)),
  }));
}

/** All pages of both languages. @returns {Page[]} */
export function allPages() {
  const flat = (/** @type {Page[]} */ pages) => pages.flatMap((page) => [page, ...flat(page.below)]);
  return LANGUAGES.flatMap((language) => groups(language).flatMap((group) => flat(group.pages)));
}

/** A page's path below the site's root, as links name it. @param {Page} page */
export const pathOf = ({ address, language }) => `/${prefix(language)}${address.replace(/(^|\/)index$/, '$1')}`;

/** The file that VitePress reads, below `STAGED`. @param {Page} page */
export const stagedAs = ({ address, language }) => `${prefix(language)}${address}.md`;

/** @param {Language} language */
const prefix = (language) => (language === 'en' ? '' : `${language}/`);

/**
 * @param {string} address
 * @param {any} entry
 * @param {Language} language
 * @returns {Page}
 */
function page(address, entry, language) {
  const { file: english, title, split, folder } = typeof entry === 'string' ? { file: entry } : entry;
  const twins = [english.replace(/\.md$/, '_zh.md'), english.replace(/\.md$/, '.zh-cn.md')];
  const twin = twins.find((file) => language === 'zh' && existsSync(join(ROOT, file)));
  const file = twin ?? english;
  const text = readFileSync(join(ROOT, file), 'utf8');
  const page = {
    address,
    language,
    file,
    translated: language === 'en' || twin !== undefined,
    title: title?.[language] ?? headingOf(text),
    text,
    below: /** @type {Page[]} */ ([]),
  };
  if (split) splitUp(page);
  if (folder) page.below = neighbours(english).map((file) => besides(page, file));
  return page;
}

/** The other English pages of a page's folder. @param {string} file */
function neighbours(file) {
  const names = readdirSync(join(ROOT, dirname(file))).filter((name) => /(?<!_zh)\.md$/.test(name));
  return names.filter((name) => name !== basename(file)).sort().map((name) => `${dirname(file)}/${name}`);
}

/**
 * @param {Page} index
 * @param {string} file
 */
const besides = (index, file) => page(`${dirname(index.address)}/${basename(file, '.md')}`, file, index.language);

/** Makes a page of each section, one level up. @param {Page} page */
function splitUp(page) {
  const [intro, ...sections] = sectionsOf(page.text);
  page.text = intro;
  page.below = sections.map((section) => {
    const text = withHeadings(section, (line) => line.slice(1));
    const title = headingOf(text);
    return { ...page, address: `${dirname(page.address)}/${slug(title)}`, section: title, title, text, below: [] };
  });
}

/** What stands above the first heading of level 2, and below each. @param {string} text */
function sectionsOf(text) {
  /** @type {string[]} */
  const sections = [''];
  withHeadings(text, (line) => line, (line, heading) => {
    if (heading && line.startsWith('## ')) sections.push('');
    sections[sections.length - 1] += `${line}\n`;
  });
  return sections;
}

/**
 * A text with its headings changed. What looks like one in a block of code is none.
 * @param {string} text
 * @param {(line: string) => string} change
 * @param {(line: string, isHeading: boolean) => void} [seen] called for each line
 */
function withHeadings(text, change, seen) {
  let code = false;
  const lines = text.split('\n').map((line) => {
    if (line.startsWith('```')) code = !code;
    const isHeading = !code && line.startsWith('#');
    seen?.(line, isHeading);
    return isHeading ? change(line) : line;
  });
  return lines.join('\n');
}

/** @param {string} text */
function headingOf(text) {
  const heading = /^# (.+)$/m.exec(text)?.[1];
  if (!heading) throw new Error(`a page without a heading: ${text.slice(0, 80)}`);
  return heading;
}
