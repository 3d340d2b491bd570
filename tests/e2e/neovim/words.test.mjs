/** What the plugin words itself, it words as the program does; and what stands in it twice is the same. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { PLUGIN, nvim } from './neovim.mjs';

/**
 * What a function's body in Lua returns in a Neovim with the plugin.
 * @param {string} body
 */
async function evaluate(body) {
  const print = `lua vim.opt.rtp:prepend('${PLUGIN}') io.stdout:write(vim.json.encode((function() ${body} end)()))`;
  const env = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'Asia/Shanghai' };
  const { stdout } = await promisify(execFile)(nvim(), ['--clean', '--headless', '-c', print, '-c', 'qall!'], { env });
  return JSON.parse(stdout);
}

test('ages are those of the program', async () => {
  const [hour, day] = [3_600, 86_400];
  const now = Date.parse('2026-11-21T12:00:00Z') / 1000;
  const ago = (/** @type {number} */ past) => new Date((now - past) * 1000).toISOString();
  const cases = [
    [ago(-5), 'just now'],
    [ago(59), 'just now'],
    [ago(60), 'a few minutes ago'],
    [ago(300), '5 min ago'],
    [ago(hour - 1), '55 min ago'],
    [ago(2 * hour + 10), '2 h ago'],
    [ago(2 * day - 1), '47 h ago'],
    [ago(2 * day), '2 days ago'],
    [ago(59 * day), '59 days ago'],
    [ago(60 * day), '2 months ago'],
    [ago(800 * day), '2 years ago'],
    ['0001-01-01T00:00:00Z', null],
    ['soon', null],
  ];
  const told = cases.map(([time]) => `age('${time}', ${now}) or vim.NIL`);
  const ages = await evaluate(`local age = require('ksext.words').age return { ${told.join(', ')} }`);
  assert.deepEqual(ages, cases.map(([, words]) => words));
});

test('sizes and states are those of the program', async () => {
  const cases = [
    ['size(1023)', '1023 B'],
    ['size(35430)', '34.6 KB'],
    ['size(1048576)', '1.0 MB'],
    ["state('submitted')", 'submitted'],
    ["state('待复核')", '待复核'],
    ["state('')", 'unknown'],
  ];
  const told = cases.map(([call]) => `words.${call}`);
  const words = await evaluate(`local words = require('ksext.words') return { ${told.join(', ')} }`);
  assert.deepEqual(words, cases.map(([, expected]) => expected));
});

test('the commands that are there without a package are those of the list', async () => {
  const { listed, defined } = await evaluate(`
    vim.cmd.runtime('plugin/ksext.lua')
    local listed, defined = {}, {}
    for _, command in ipairs(require('ksext.commands').COMMANDS) do
      if command.anywhere then table.insert(listed, command.name) end
      if vim.fn.exists(':' .. command.name) == 2 then table.insert(defined, command.name) end
    end
    return { listed = listed, defined = defined }`.replaceAll('\n', ' '));
  assert.ok(listed.length > 0);
  assert.deepEqual(defined, listed);
});
