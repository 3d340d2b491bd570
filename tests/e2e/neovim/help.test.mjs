/** The plugin's own files: help that follows the declarations, and one style. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { CallParenType, Config, IndentType, LuaVersion, OutputVerification, QuoteStyle, formatCode } from '@johnnymorganz/stylua';

import { temporaryFolder } from '../support/machine.mjs';
import { PLUGIN, nvim } from './neovim.mjs';

const run = promisify(execFile);

test('the help is that of the declarations', async () => {
  const script = join(PLUGIN, 'scripts', 'vimdoc.lua');
  await run(nvim(), ['--clean', '--headless', '-l', script, '--check']);
});

test('the help has no tag twice, and a tag for all that it points to', async (t) => {
  const folder = await temporaryFolder(t);
  await cp(join(PLUGIN, 'doc'), folder, { recursive: true });
  // Neovim ends with an error where a tag stands twice.
  await run(nvim(), ['--clean', '--headless', '-c', `helptags ${folder}`, '-c', 'qall!']);
  for (const tags of ['tags', 'tags-cn']) assert.match(readFileSync(join(folder, tags), 'utf8'), /^:KsextPush\t/m);

  for (const name of ['ksext.txt', 'ksext.cnx']) {
    const text = readFileSync(join(PLUGIN, 'doc', name), 'utf8');
    const tags = [...text.matchAll(/\*([^*\s]+)\*/g)].map((match) => match[1]);
    assert.deepEqual(tags, [...new Set(tags)]);
    for (const [, link] of text.matchAll(/\|(ksext[^|\s]*)\|/g)) assert.ok(tags.includes(link), link);
    const long = text.split('\n').filter((line) => [...line].length > 80);
    assert.deepEqual(long, []);
  }
});

test('every text stands in both languages, takes the same values, and is used', async () => {
  const print = `vim.opt.rtp:prepend('${PLUGIN}') io.stdout:write(vim.json.encode(require('ksext.l10n').TEXTS))`;
  const { stdout } = await run(nvim(), ['--clean', '--headless', '-c', `lua ${print}`, '-c', 'qall!']);
  const sources = readdirSync(join(PLUGIN, 'lua', 'ksext'))
    .filter((name) => name !== 'l10n.lua')
    .map((name) => readFileSync(join(PLUGIN, 'lua', 'ksext', name), 'utf8'))
    .join();
  const values = (/** @type {string} */ text) => text.match(/%[ds]/g) ?? [];
  for (const [name, { en, zh }] of Object.entries(JSON.parse(stdout))) {
    assert.deepEqual(values(zh).sort(), values(en).sort(), name);
    assert.ok(/[\u3000-\u9fff\uff00-\uffef]/.test(zh) || zh === en, zh);
    assert.ok(sources.includes(`'${name}'`), `${name} is used`);
  }
});

/** `.stylua.toml`, which editors read, as the library takes it, once. */
function style() {
  const written = readFileSync(join(PLUGIN, '.stylua.toml'), 'utf8');
  assert.equal(
    written,
    'syntax = "LuaJIT"\ncolumn_width = 100\nindent_type = "Spaces"\nindent_width = 2\nquote_style = "AutoPreferSingle"\n',
  );
  const config = Config.new();
  config.syntax = LuaVersion.LuaJIT;
  config.column_width = 100;
  config.indent_type = IndentType.Spaces;
  config.indent_width = 2;
  config.quote_style = QuoteStyle.AutoPreferSingle;
  config.call_parentheses = CallParenType.Always;
  return config;
}

test('all Lua is as StyLua writes it; `STYLUA=write` writes it so', () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const ignored = readFileSync(join(PLUGIN, '.styluaignore'), 'utf8').trim().split('\n');
  const files = [PLUGIN, here].flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('.lua') && !ignored.includes(path))
      .map((path) => join(folder, path)),
  );
  assert.ok(files.length > 20);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const formatted = formatCode(text, style(), undefined, OutputVerification.None);
    if (process.env.STYLUA === 'write') writeFileSync(file, formatted);
    else assert.equal(text, formatted, file);
  }
});
