/** Lays the pages out as VitePress reads them, with the schemas as they are and the pictures that pages show. */

import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { allPages, REPOSITORY, ROOT, STAGED, stagedAs } from './pages.mjs';

/** What a Chinese page says that is there in English alone. */
const UNTRANSLATED = '::: info 本页尚无中文版\n以下是英文原文。\n:::\n';

const PACKAGES = join(dirname(STAGED), 'node_modules');

rmSync(STAGED, { recursive: true, force: true });
for (const page of allPages()) {
  const source = `${REPOSITORY}/blob/main/${page.file}`;
  const body = page.translated ? page.text : `${UNTRANSLATED}\n<div lang="en">\n\n${page.text}\n\n</div>\n`;
  write(stagedAs(page), `---\nsource: ${source}\n---\n\n${body}`);
}
for (const folder of ['schemas', 'editors/images', 'editors/vscode/images', 'server/docs/images']) {
  const filter = (/** @type {string} */ path) => !path.endsWith('.md');
  cpSync(join(ROOT, folder), join(STAGED, 'public', folder), { recursive: true, filter });
}
// Where Vite looks for packages from a page.
rmSync(PACKAGES, { force: true });
symlinkSync(fileURLToPath(new URL('node_modules', import.meta.url)), PACKAGES, 'junction');

/**
 * @param {string} file
 * @param {string} text
 */
function write(file, text) {
  const path = join(STAGED, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
