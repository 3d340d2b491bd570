/** `:checkhealth ksext`. */

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

import { KEY, Machine } from '../support/machine.mjs';
import { play } from './neovim.mjs';

const OTHER = [process.execPath, fileURLToPath(new URL('../support/mute.mjs', import.meta.url))];

/**
 * What it says on a machine with a package.
 * @param {import('node:test').TestContext} t
 * @param {{ loggedIn?: boolean, options?: object, other?: string[], env?: NodeJS.ProcessEnv }} given
 */
async function health(t, { loggedIn = false, options = {}, other, env = {} }) {
  const machine = await Machine.new(t);
  await machine.package('demo', 'demo');
  const server = await machine.sandbox(t, ['--token', KEY]);
  if (loggedIn) await machine.logIn(server);
  const report = await play(t, machine, 'health', {
    // `ksext` of the options is one table, so that an empty one does not become a list.
    arguments: { options: { enable: true, ...options }, other },
    env: { KSEXT_SERVER: server, ...env },
  });
  return { health: report.health, server, machine };
}

test('all that is well is told', async (t) => {
  const { health: text, server, machine } = await health(t, { loggedIn: true });
  assert.doesNotMatch(text, /ERROR|❌/);
  for (const line of [
    /OK Neovim 0\.\d+\.\d+/,
    /OK `vim\.g\.ksext` is understood/,
    /OK ksext \d+\.\d+\.\d+, \/.*ksext/,
    /OK \d+ rules and the schema of extension\.yaml are built in/,
    new RegExp(`OK .*${server}`),
    /OK .*Sandbox user/,
    new RegExp(`OK runs in ${machine.home}/demo: 1 buffers, ksext \\d`),
  ]) {
    assert.match(text, line);
  }
});

test('what is not well is told with what to do', async (t) => {
  const { health: text } = await health(t, { options: { lenses: 'yes', lense: true }, other: OTHER });
  assert.match(text, /WARNING `vim\.g\.ksext\.lense` sets nothing/);
  assert.match(text, /WARNING `vim\.g\.ksext\.lenses` must be a boolean/);
  assert.match(text, /WARNING not logged in.*\n.*ADVICE:\n +- log in/);
  assert.match(text, /WARNING yamlls looks at .*extension\.yaml too\n.*ADVICE:\n.*otherYamlServer = true/);
});

test('who has told of another YAML server is not warned', async (t) => {
  const options = { settings: { diagnostics: { otherYamlServer: true } } };
  const { health: text } = await health(t, { options, other: OTHER });
  assert.match(text, /OK yamlls looks at .*extension\.yaml too; what it reports is left to it/);
});

test('it speaks Chinese where the user does', async (t) => {
  const { health: text } = await health(t, { env: { LANG: 'zh_CN.UTF-8' } });
  assert.match(text, /OK `vim\.g\.ksext` 设置有效/);
  assert.match(text, /OK .*：1 个缓冲区/);
});
