/** Where a link of the repository leads on the site. */

import { posix } from 'node:path';

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { allPages, pathOf, REPOSITORY, ROOT, stagedAs } from './pages.mjs';

/** @typedef {import('./pages.mjs').Page} Page */

const PAGES = allPages();
const STAGED = new Map(PAGES.map((page) => [stagedAs(page), page]));

/** How pages that are shown elsewhere too name a file of this repository. */
const ABSOLUTE = [`${REPOSITORY}/blob/main/`, `${REPOSITORY}/tree/main/`, `${rawOf(REPOSITORY)}/main/`];

/** @param {string} staged a file below the folder of staged pages */
export const pageStagedAs = (staged) => STAGED.get(staged);

/**
 * A link of a page, as it is on the site: a page's path, or the address of a file in the repository.
 * @param {Page} page
 * @param {string} link
 */
export function onSite(page, link) {
  if (link.startsWith('#')) return sectionOn(page, page.file, link) ?? link;
  const target = inRepository(page, link);
  if (target === undefined) return link;
  const [file, fragment] = target.split('#');
  const hash = fragment === undefined ? '' : `#${fragment}`;
  const found = pageOf(page, file);
  return sectionOn(page, file, hash) ?? (found ? pathOf(found) + hash : inSource(file, hash));
}

/**
 * A picture of a page, as it is on the site.
 * @param {Page} page
 * @param {string} link
 */
export function pictureOnSite(page, link) {
  const file = inRepository(page, link);
  return file === undefined ? link : `/${file}`;
}

/**
 * The page that is cut out of a file by an anchor's heading.
 * @param {Page} from
 * @param {string} file
 * @param {string} hash
 */
function sectionOn(from, file, hash) {
  const section = PAGES.find((page) => page.file === file && `#${page.section}` === hash && page.language === languageOf(from, file));
  return section && pathOf(section);
}

/**
 * The page of a file, or of a folder's README; where there is no other, in the language of the page that links to it.
 * @param {Page} from
 * @param {string} file
 */
function pageOf(from, file) {
  const files = [file, posix.join(file, 'README.md')];
  return PAGES.find((page) => files.includes(page.file) && !page.section && page.language === languageOf(from, page.file));
}

/**
 * @param {Page} from
 * @param {string} file
 */
const languageOf = (from, file) => {
  const languages = PAGES.filter((page) => page.file === file).map((page) => page.language);
  return languages.includes(from.language) ? from.language : languages[0];
};

/**
 * A link's path in the repository, with its anchor.
 * @param {Page} page
 * @param {string} link
 */
function inRepository(page, link) {
  const absolute = ABSOLUTE.find((start) => link.startsWith(start));
  if (absolute) return decodeURI(link.slice(absolute.length));
  if (/^[a-z]+:/.test(link)) return undefined;
  return posix.join(posix.dirname(page.file), decodeURI(link)).replace(/\/(?=#|$)/, '');
}

/**
 * @param {string} file
 * @param {string} hash
 * @throws if there is no such file
 */
function inSource(file, hash) {
  if (!existsSync(join(ROOT, file))) throw new Error(`there is no ${file}`);
  return `${REPOSITORY}/blob/main/${file}${hash}`;
}

/** @param {string} repository */
function rawOf(repository) {
  return repository.replace('//github.com/', '//raw.githubusercontent.com/');
}
