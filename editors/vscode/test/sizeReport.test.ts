/** The size of a package as the treemap takes it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sizeReport } from '../src/views/sizeReport';
import { english } from '../src/words';

const DEMO = {
  root: 'file:///work/demo',
  manifest: 'file:///work/demo/extension.yaml',
  name: 'demo',
  version: '0.1.0',
  findings: { errors: 0, warnings: 0 },
  server: 'https://kubesphere.cloud',
  loggedIn: false,
};

const ANSWER = {
  projected: 3_062,
  limit: 1_048_576,
  unpacked: 8_294,
  entries: [{ path: 'charts/web/Chart.yaml', size: 582, packed: 381 }],
  uploads: [{ field: 'icon', path: 'static/favicon.svg', size: 271 }],
  dropped: [{ path: 'static/favicon.svg', size: 271, why: 'static-directory' }],
};

test('every file is in one of the three views, with what is known of it', () => {
  const report = sizeReport(ANSWER, DEMO, english);
  assert.equal(report.title, 'demo 0.1.0');
  assert.equal(report.summary, '3.0 KB of 1.0 MB (0.2 %), 1021.0 KB left');
  assert.deepEqual(
    report.views.map(({ id, files }) => [id, files]),
    [
      ['packed', [{ path: 'charts/web/Chart.yaml', bytes: 381, more: 582 }]],
      ['uploaded', [{ path: 'static/favicon.svg', bytes: 271, more: 'icon' }]],
      ['dropped', [{ path: 'static/favicon.svg', bytes: 271, more: 'removed with `staticFileDirectory`' }]],
    ],
  );
});

test('the meter warns before the limit and says what is over it', () => {
  const at = (projected: number) => sizeReport({ ...ANSWER, projected, limit: 1000 }, DEMO, english);
  assert.deepEqual(
    [900, 901, 1000, 1001].map((projected) => at(projected).meter.standing),
    ['fine', 'near', 'near', 'over'],
  );
  assert.deepEqual(at(1000).notes, []);
  assert.equal(at(2024).summary, '2.0 KB of 1000 B (202.4 %), 1.0 KB over the limit');
  assert.deepEqual(at(2024).notes, [
    { tone: 'error', text: 'KubeSphere Cloud takes at most 1000 B: push would fail.' },
  ]);
});
