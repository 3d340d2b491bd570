/** CONTRIBUTING_zh.md goes the way of CONTRIBUTING.md, whose blocks are run: a rule and a command, really added to a clone. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { fromMarkdown } from 'mdast-util-from-markdown';

import { ROOT } from '../support/programs.mjs';

/** @param {string} page */
async function blocks(page) {
  const { children } = fromMarkdown(await readFile(join(ROOT, page), 'utf8'));
  return children.flatMap((node) => (node.type === 'code' ? [{ language: node.lang, text: node.value }] : []));
}

test('both languages show the same code and the same commands', async () => {
  const [english, chinese] = [await blocks('CONTRIBUTING.md'), await blocks('CONTRIBUTING_zh.md')];
  assert.ok(english.length > 5);
  assert.deepEqual(chinese, english);
});
