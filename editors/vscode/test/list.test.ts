/** The rows of the Marketplace view. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { extensionRows, isRow, obstacleOf, snapshotRows } from '../src/views/list';
import { english } from '../src/words';

test('extensions are listed by name, with the version that users get', () => {
  const rows = extensionRows(
    {
      extensions: [
        { id: '2', name: 'whizard', status: 'ready', latestVersion: '1.2.0' },
        { id: '1', name: 'demo', status: 'draft' },
      ],
    },
    english,
  );
  assert.deepEqual(
    rows.map(({ title, description, context }) => [title, description, context]),
    [
      ['demo', 'draft', 'extension'],
      ['whizard', '1.2.0 · ready', 'extension'],
    ],
  );
  assert.deepEqual(rows[1]?.tooltip, ['Status: ready', 'Latest version: 1.2.0', 'ID: 2']);
});

test('the version that changed last comes first; menus know by the state what can be done', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const answer = {
    name: 'demo',
    status: 'draft',
    snapshots: [
      { id: '1', version: '0.1.0', status: 'active', updatedAt: '2026-02-01T12:00:00Z' },
      { id: '2', version: '0.2.0', status: 'rejected', updatedAt: '2026-03-01T11:00:00Z', reason: '缺少截图' },
      { id: '3', version: '0.3.0', status: 'draft', updatedAt: '2026-03-01T11:00:00Z' },
      { id: '4', version: '0.4.0', status: 'submitted', updatedAt: null },
    ],
  };
  const rows = snapshotRows(answer, now, 'en', english);
  assert.deepEqual(
    rows.map(({ title, description, context }) => [title, description, context]),
    [
      // Of two of the same time the one that the cloud lists last.
      ['0.3.0', 'draft · 1 h ago', 'snapshot.draft'],
      ['0.2.0', 'rejected · 1 h ago', 'snapshot.bad'],
      ['0.1.0', 'active · 28 days ago', 'snapshot.good'],
      ['0.4.0', 'submitted', 'snapshot.waiting'],
    ],
  );
  assert.deepEqual(
    [rows[1]?.label, rows[1]?.snapshotId, rows[1]?.tooltip[1]],
    ['demo 0.2.0', '2', 'The reviewers say: 缺少截图'],
  );
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
