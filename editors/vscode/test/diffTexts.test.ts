/** Texts beside each other: what would be published, and what has changed since it was. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { entryList, pairs } from '../src/views/diffTexts';
import { sides } from '../src/views/unified';
import { english } from '../src/words';

test('a unified diff has two sides', () => {
  const diffs: [string, string, string][] = [
    ['', '', ''],
    [
      '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n name: a\n-version: 1\n+version: 2\n',
      'name: a\nversion: 1\n',
      'name: a\nversion: 2\n',
    ],
    ['--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+name: 示例\n', '', 'name: 示例\n'],
    // Lines that look like the names of files, and a last line without an end.
    ['--- a/x\n+++ b/x\n@@ -1 +1 @@\n---- a\n\\ No newline at end of file\n+++ b\n', '--- a\n', '++ b\n'],
    // What is between two hunks, and before the first, is the same.
    ['--- a/x\n+++ b/x\n@@ -5 +5 @@\n-a\n+b\n@@ -9 +9 @@\n c\n', '# ⋯\na\n# ⋯\nc\n', '# ⋯\nb\n# ⋯\nc\n'],
  ];
  for (const [diff, before, after] of diffs) assert.deepEqual(sides(diff), { before, after }, diff);
});

test('the entries of the archive are listed with their sizes', () => {
  const entries = [
    { path: 'extension.yaml', size: 1277, sizeText: '1.2 KB', packed: 308, packedText: '308 B' },
    { path: 'charts/a.tgz', size: 20, sizeText: '20 B', packed: 40, packedText: '40 B' },
  ];
  assert.equal(
    entryList({ files: [], entries, projected: 348, projectedText: '348 B', errors: 0 }, english),
    '2 entries, 348 B packed\n\n1.2 KB  extension.yaml\n  20 B  charts/a.tgz\n',
  );
});

test('a comparison shows the manifest and the entries that differ', () => {
  const answer = {
    name: 'demo',
    version: '0.2.0',
    against: { version: '0.1.0', from: 'https://charts.example.com' },
    size: { before: 1000, beforeText: '1000 B', after: 2048, afterText: '2.0 KB' },
    files: [{ path: 'extension.yaml', diff: '@@ -1 +1 @@\n-version: 0.1.0\n+version: 0.2.0\n' }],
    entries: [
      { path: 'README.md', change: 'changed' as const, beforeText: '10 B', afterText: '2.0 KB' },
      { path: 'new.md', change: 'added' as const, afterText: '5 B' },
      { path: 'old.md', change: 'removed' as const, beforeText: '7 B' },
    ],
    unchanged: 18,
  };
  assert.deepEqual(pairs(answer, english), [
    { path: 'extension.yaml', before: 'version: 0.1.0\n', after: 'version: 0.2.0\n' },
    {
      path: 'entries.txt',
      before: '1000 B packed; 18 entries are the same\n\n  10 B  README.md\n   7 B  old.md\n',
      after: '2.0 KB packed; 18 entries are the same\n\n2.0 KB  README.md\n   5 B  new.md\n',
    },
  ]);
});
