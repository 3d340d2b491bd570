/** What is done and seen in the same way with each language client of Emacs. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { WRONG } from '../support/editors.mjs';

/** @typedef {import('./emacs.mjs').Emacs} Emacs */

/** The one finding of `brokenPackage`, where it is. @param {Emacs} emacs */
export async function seesTheFinding(emacs) {
  const [[line, marked, text], ...others] = await emacs.findings();
  assert.deepEqual([line, marked, others], [WRONG.line, WRONG.key, []]);
  assert.ok(text.includes(WRONG.message), text);
}

/** A key that is wrong is right after saving. @param {Emacs} emacs @param {string} file */
export async function savesWithSafeFixes(emacs, file) {
  await emacs.findings();
  emacs.ask('(progn (goto-char (point-min)) (search-forward "displayName") (replace-match "displayname" t) t)');
  await emacs.until('(= 2 (length (flymake-diagnostics)))');
  await emacs.save();
  assert.match(await readFile(file, 'utf8'), /^displayName:/m);
}

/**
 * From the beginning of a key to the whole, from a key to its page, from a condition to the value.
 * @param {Emacs} emacs
 * @param {{ completed: RegExp, explain: string }} as what a completed key looks like; the command that explains one
 */
export async function completesAndFollows(emacs, { completed, explain }) {
  await emacs.findings();
  emacs.goTo('installationMode');
  emacs.ask('(progn (delete-region (point) (line-end-position)) t)');
  await emacs.terminal.type('inst');
  await emacs.terminal.press('C-M-i');
  await emacs.terminal.shows(completed);
  emacs.ask('(progn (revert-buffer t t t) t)');

  emacs.goTo('category');
  await emacs.run(explain);
  await emacs.terminal.shows('The heading under which the marketplace lists the extension');
  emacs.goTo('backend.enabled');
  await emacs.terminal.press('M-.');
  await emacs.until('(string-suffix-p "values.yaml" buffer-file-name)');
  assert.equal(emacs.ask('(thing-at-point (quote line) t)'), '  enabled: true\n');
}

/**
 * A condition gets another name, in the manifest and in the values.
 * @param {Emacs} emacs
 * @param {string} file the manifest
 * @param {{ rename: string, confirms: boolean }} as the command that renames; whether it asks before it does
 */
export async function renamesACondition(emacs, file, { rename, confirms }) {
  await emacs.findings();
  emacs.goTo('enabled');
  await emacs.run(rename);
  await emacs.answer(/Rename .* to:/, 'wanted');
  if (confirms) {
    await emacs.terminal.shows('Proceed? (y or n)');
    await emacs.terminal.type('y');
  }
  await emacs.terminal.shows('condition: backend.wanted');
  emacs.visit(join(file, '../values.yaml'));
  await emacs.terminal.shows('wanted: true');
}
