/** The rows of the Marketplace view. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { StatusAnswer } from '../src/server/answers';
import type { Tone } from '../src/server/protocol';
import { extensionRows, isRow, obstacleOf, snapshotRows } from '../src/views/list';
import { english } from '../src/words';

test('extensions are listed by name, with the version that users get', () => {
  const rows = extensionRows(
    {
      extensions: [
        { id: '2', name: 'whizard', status: 'ready', statusText: '已上架', tone: 'good', latestVersion: '1.2.0' },
        { id: '1', name: 'demo', status: 'draft', statusText: 'draft', tone: 'draft' },
      ],
    },
    english,
  );
  assert.deepEqual(
    rows.map(({ title, description, context }) => [title, description, context]),
    [
      ['demo', 'draft', 'extension'],
      ['whizard', '1.2.0 · 已上架', 'extension'],
    ],
  );
  assert.deepEqual(rows[1]?.tooltip, ['Status: 已上架', 'Latest version: 1.2.0', 'ID: 2']);
});

test('the version that changed last comes first; menus know by the state what can be done', () => {
  const snapshot = (id: string, rank: number, tone: Tone, statusText: string, ageText?: string) => ({
    ...{ id, version: `0.${id}.0`, status: tone, statusText, tone, rank },
    ...(ageText ? { updatedAt: '2026-03-01T11:00:00Z', ageText } : { updatedAt: null }),
  });
  const answer: StatusAnswer = {
    ...{ id: '9', name: 'demo', status: 'draft', statusText: '草稿', tone: 'draft' },
    snapshots: [
      snapshot('1', 3, 'good', 'active', '28 days ago'),
      { ...snapshot('2', 2, 'bad', 'rejected', '1 h ago'), reason: '缺少截图' },
      snapshot('3', 1, 'draft', '草稿', '1 小时前'),
      snapshot('4', 4, 'waiting', 'submitted'),
    ],
  };
  const rows = snapshotRows(answer, 'en', english);
  assert.deepEqual(
    rows.map(({ title, description, context }) => [title, description, context]),
    [
      ['0.3.0', '草稿 · 1 小时前', 'snapshot.draft'],
      ['0.2.0', 'rejected · 1 h ago', 'snapshot.bad'],
      ['0.1.0', 'active · 28 days ago', 'snapshot.good'],
      ['0.4.0', 'submitted', 'snapshot.waiting'],
    ],
  );
  assert.deepEqual(
    [rows[1]?.label, rows[1]?.snapshotId, rows[1]?.tooltip[1]],
    ['demo 0.2.0', '2', 'The reviewers say: 缺少截图'],
  );
  assert.match(rows[1]?.tooltip[2] ?? '', /^Changed: .*2026/);
  assert.ok(rows.every(isRow));
  assert.ok(!isRow(undefined) && !isRow({ uri: 'file:///demo' }));
});

test('why nothing is listed decides what is offered', () => {
  const kinds = ['auth', 'network', 'timeout', 'tls', 'no-server', 'server', 'forbidden'];
  assert.deepEqual(kinds.map(obstacleOf), [
    'signed-out',
    'offline',
    'offline',
    'offline',
    'no-server',
    'failed',
    'failed',
  ]);
});
