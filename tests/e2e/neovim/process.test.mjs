/** No server outlives its Neovim. */

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';

import { Machine } from '../support/machine.mjs';
import { open, play } from './neovim.mjs';

/**
 * The processes below another.
 * @param {number} parent
 */
function children(parent) {
  /** @param {string} id */
  const parentOf = (id) => {
    try {
      // The fourth field, behind a name in parentheses that may hold anything.
      return Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
    } catch {
      return undefined;
    }
  };
  return readdirSync('/proc').filter((id) => /^\d+$/.test(id) && parentOf(id) === parent).map(Number);
}

/** @param {number} id */
function isRunning(id) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${id}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** @param {number} id */
const isServer = (id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').endsWith('lsp\0');

/**
 * A Neovim in a terminal with a package open, and the process of its server.
 * @param {import('node:test').TestContext} t
 */
async function neovimWithServer(t) {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const terminal = await open(t, machine, [join(folder, 'extension.yaml')]);
  await terminal.shows('Push demo 0.1.0');
  const shell = await terminal.process();
  const all = [shell, ...children(shell), ...children(shell).flatMap(children)];
  const server = all.find(isServer);
  assert.ok(server, `one of ${all} is the server`);
  const neovim = all.find((id) => children(id).includes(server));
  assert.ok(neovim);
  return { terminal, server, neovim };
}

/** @param {number} id */
async function ends(id) {
  for (const end = Date.now() + 10_000; isRunning(id); await sleep(50)) {
    if (Date.now() > end) {
      process.kill(id, 'SIGKILL');
      assert.fail(`the server ${id} still runs`);
    }
  }
}

const onLinux = { skip: process.platform !== 'linux' && 'processes are looked at in /proc' };

test('the server ends with :qall', onLinux, async (t) => {
  const { terminal, server } = await neovimWithServer(t);
  await terminal.type(':qall\r');
  await terminal.ended();
  await ends(server);
});

test('the server ends with a Neovim that is killed', onLinux, async (t) => {
  const { server, neovim } = await neovimWithServer(t);
  process.kill(neovim, 'SIGKILL');
  await ends(server);
});

test('the server is started anew with the options as they are', async (t) => {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  const { stopped, messages } = await play(t, machine, 'restart');
  assert.equal(stopped, true);
  assert.deepEqual(messages, ['语言服务器已重新启动']);
});
