/** What stands in the plugin twice is the same. */

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
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { stdout } = await promisify(execFile)(nvim(), ['--clean', '--headless', '-c', print, '-c', 'qall!'], { env });
  return JSON.parse(stdout);
}

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
