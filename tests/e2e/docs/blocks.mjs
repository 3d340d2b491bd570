/**
 * A page's blocks, as the tests run them. What a reader does not see stands in a comment right above a block:
 * `<!-- test: fails 1; input no -->`, with these words, or `<!-- file: NAME -->`, and the block, of whatever language,
 * is that file in the place where the page's commands run.
 *
 * | Word | Meaning |
 * |---|---|
 * | `in PLACE` | run there (`places.mjs`), as are the blocks below it |
 * | `background until TEXT` | goes on until the page ends or the next such block starts; the next block starts when it has printed TEXT |
 * | `input TEXT` | what is typed |
 * | `fails STATUS` | the last command ends with this status |
 * | `needs PROGRAM` | skipped where there is none, if it is among those that may be missing |
 * | `elsewhere FILE` | run by that file of `tests/e2e`, which names the page |
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fromMarkdown } from 'mdast-util-from-markdown';

import { ROOT } from '../support/programs.mjs';

/** Languages whose blocks are commands. */
const COMMANDS = ['sh', 'console'];

/** Words of a comment. */
const WORDS = /** @type {const} */ (['in', 'background', 'input', 'fails', 'needs', 'elsewhere']);

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string} text
 * @property {number} line where it starts in the page, 1-based
 * @property {Partial<Record<typeof WORDS[number], string>>} test
 * @property {string} [file] what it is written to
 */

/**
 * The blocks that are run or written to files, in their order.
 * @param {string} page below the repository's root
 * @returns {Promise<Block[]>}
 * @throws if a comment says what nobody knows, or stands above no block
 */
export async function blocksOf(page) {
  const text = await readFile(join(ROOT, page), 'utf8');
  return flatten(fromMarkdown(text)).flatMap((node, index, nodes) => {
    const line = node.position.start.line;
    const before = nodes[index - 1];
    const comment = before?.type === 'html' ? before.value.trim() : '';
    if (node.type === 'html' && isOurs(node.value.trim()) && nodes[index + 1]?.type !== 'code') {
      throw new Error(`${page}:${line}: there is no block below ${node.value}`);
    }
    if (node.type !== 'code') return [];
    if (!node.lang) throw new Error(`${page}:${line}: a block without a language`);
    const file = /^<!-- file: (\S+) -->$/.exec(comment)?.[1];
    if (!file && !COMMANDS.includes(node.lang)) return [];
    return [{ language: node.lang, text: node.value, line, file, test: readComment(comment, `${page}:${line}`) }];
  });
}

/**
 * A console's commands, each with what it prints.
 * @param {string} text
 */
export function commandsOf(text) {
  /** @type {{ command: string, printed: string }[]} */
  const commands = [];
  let continues = false;
  for (const line of text.split('\n')) {
    const last = commands.at(-1);
    if (continues && last) last.command += `\n${line}`;
    else if (line.startsWith('$ ')) commands.push({ command: line.slice(2), printed: '' });
    else if (last) last.printed += `${line}\n`;
    else throw new Error(`a console starts with a command, not with ${line}`);
    continues = line.endsWith('\\') && (continues || line.startsWith('$ '));
  }
  return commands;
}

/**
 * Whether something was printed as a page says, where `…` stands for anything: alone on a line for any lines, else for
 * any text of a line.
 * @param {string} said
 * @param {string} printed
 */
export function isPrinted(said, printed) {
  const lines = (/** @type {string} */ text) => text.trim().split('\n').map((line) => line.trimEnd());
  const pattern = lines(said).map((line) =>
    line.trim() === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(escaped).join('.*')}\\n`,
  );
  return new RegExp(`^${pattern.join('')}$`).test(`${lines(printed).join('\n')}\n`);
}

const escaped = (/** @type {string} */ text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const isOurs = (/** @type {string} */ comment) => /^<!-- (test|file):/.test(comment);

/** All nodes of a tree, parents before their children. @returns {any[]} */
function flatten(node) {
  return [node, ...(node.children ?? []).flatMap(flatten)];
}

/**
 * @param {string} comment
 * @param {string} where
 */
function readComment(comment, where) {
  const said = /^<!-- test: (.*) -->$/.exec(comment)?.[1];
  if (said === undefined && comment.startsWith('<!-- test')) throw new Error(`${where}: cannot read ${comment}`);
  /** @type {Block['test']} */
  const test = {};
  for (const part of said?.split('; ') ?? []) {
    const [word, ...rest] = part.split(' ');
    if (!WORDS.includes(word)) throw new Error(`${where}: ${word} is none of ${WORDS.join(', ')}`);
    test[word] = rest.join(' ');
  }
  return test;
}
