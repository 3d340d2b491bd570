/** Every text has its translation, and no translation is of a text that is gone. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** Tests run in the extension's folder. */
const read = (path: string): string => readFileSync(path, 'utf8');
const json = (path: string): Record<string, string> => JSON.parse(read(path));

const SOURCES = ['src', 'webview'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`${folder}/${name}`)),
);
const TRANSLATED = json('l10n/bundle.l10n.zh-cn.json');
const [ENGLISH, CHINESE] = [json('package.nls.json'), json('package.nls.zh-cn.json')];

/** What a literal in single or double quotes says. */
const said = (literal: string): string =>
  JSON.parse(
    `"${literal
      .slice(1, -1)
      .replaceAll("\\'", "'")
      .replaceAll(/(?<!\\)"/g, '\\"')}"`,
  );

const CALL = /\bt\(\s*('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g;

/** The places that a text is filled in at. */
const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

test('texts of the sources are translated', () => {
  const used = SOURCES.flatMap((source) => [...source.matchAll(CALL)].map(([, literal = '']) => said(literal)));
  assert.ok(used.length > 50, 'they are found');
  assert.deepEqual(
    used.filter((text) => !(text in TRANSLATED)),
    [],
  );
});

test('translations are of texts that are there', () => {
  const all = SOURCES.join('\n');
  const quoted = (text: string) => {
    const line = text.replaceAll('\n', '\\n');
    return [`'${line.replaceAll("'", "\\'")}'`, `"${line}"`];
  };
  const lost = Object.keys(TRANSLATED).filter((text) => !quoted(text).some((literal) => all.includes(literal)));
  assert.deepEqual(lost, []);
});

test('a translation fills in what its text does', () => {
  for (const [text, translation] of Object.entries(TRANSLATED)) {
    assert.deepEqual(places(translation), places(text), text);
  }
});

test('the texts of package.json are those of both languages', () => {
  const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
  assert.deepEqual([...new Set(used)].sort(), Object.keys(ENGLISH).sort());
  assert.deepEqual(Object.keys(CHINESE).sort(), Object.keys(ENGLISH).sort());
});

test('links in texts of package.json lead to the same commands', () => {
  const links = (text: string) => [...text.matchAll(/\]\((command:[^)]+)\)/g)].map(([, link]) => link);
  for (const [key, text] of Object.entries(ENGLISH)) assert.deepEqual(links(CHINESE[key] ?? ''), links(text), key);
});
