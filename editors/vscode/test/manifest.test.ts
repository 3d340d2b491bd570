/** What `package.json` offers and what is there. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
const { commands, menus, walkthroughs } = contributes;
const DECLARED: string[] = commands.map(({ command }: { command: string }) => command);

test('the commands that are declared are those that are registered', () => {
  const source = ['src/commands/index.ts', 'src/commands/show.ts'].map((path) => readFileSync(path, 'utf8')).join('');
  const registered = [...source.matchAll(/^ {2}'(kubesphere\.\w+)':/gm)].map(([, id = '']) => id);
  assert.deepEqual([...registered].sort(), [...DECLARED].sort());
});

test('menus, links and walkthroughs offer commands that are declared', () => {
  const inMenus = Object.values<{ command?: string }[]>(menus)
    .flat()
    .flatMap(({ command }) => command ?? []);
  const texts = readFileSync('package.nls.json', 'utf8') + JSON.stringify(walkthroughs);
  const linked = [...texts.matchAll(/\b(?:command|onCommand):(kubesphere\.\w+)/g)].map(([, id = '']) => id);
  assert.ok(inMenus.length > 10 && linked.length > 10);
  assert.deepEqual(
    [...inMenus, ...linked].filter((id) => !DECLARED.includes(id)),
    [],
  );
});

test('what menus and welcome texts depend on is what the extension keeps', () => {
  const conditions = JSON.stringify(contributes).match(/(?:"when":|onContext:)[^,]*/g) ?? [];
  const asked = conditions
    .flatMap((condition) => condition.match(/(?<!view == )kubesphere\.\w+/g) ?? [])
    .map((key) => key.replace('kubesphere.', ''));
  const kept = ['src/commands/context.ts', 'src/views/tree.ts']
    .flatMap((path) => readFileSync(path, 'utf8').match(/\bset\('\w+'|'setContext', 'kubesphere\.\w+'/g) ?? [])
    .map((call) => call.match(/(\w+)'$/)?.[1]);
  assert.deepEqual([...new Set(asked)].sort(), kept.sort());
});

test('the pictures and pages of the walkthrough are there', () => {
  const paths: string[] = walkthroughs.flatMap(({ steps }: { steps: { media: Record<string, string> }[] }) =>
    steps.flatMap(({ media }) => [media.image, media.svg, media.markdown].flatMap((path) => path ?? [])),
  );
  assert.ok(paths.length > 0);
  assert.deepEqual(
    paths.filter((path) => !existsSync(path)),
    [],
  );
});

test('every command has its category and a title in both languages', () => {
  for (const { command, category, title } of commands) {
    assert.equal(category, 'KubeSphere', command);
    assert.match(title, /^%commands\.\w+%$/, command);
  }
});
