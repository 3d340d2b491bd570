/** Words for people. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { age, english, plain, showSize, stateWord, toneOf } from '../src/words';

test('sizes are shown as the program shows them', () => {
  const sizes: [number, string][] = [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KB'],
    [1_048_524, '1023.9 KB'],
    [1_048_575, '1.0 MB'],
    [5 * 1024 ** 4, '5120.0 GB'],
  ];
  for (const [bytes, shown] of sizes) assert.equal(showSize(bytes), shown);
});

test('an age is told as the program tells it', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const [minute, hour, day] = [60, 3_600, 86_400];
  const ages: [number, string][] = [
    [59, 'just now'],
    // A clock that goes ahead of ours.
    [-hour, 'just now'],
    [minute, 'a few minutes ago'],
    [5 * minute, '5 min ago'],
    [hour - 1, '55 min ago'],
    [2 * hour + 10, '2 h ago'],
    [2 * day - 1, '47 h ago'],
    [2 * day, '2 days ago'],
    [59 * day, '59 days ago'],
    [60 * day, '2 months ago'],
    [800 * day, '2 years ago'],
  ];
  for (const [past, words] of ages) {
    assert.equal(age(new Date(now - past * 1000).toISOString(), now, english), words);
  }
  for (const none of ['0001-01-01T00:00:00Z', 'soon', null, undefined]) {
    assert.equal(age(none, now, english), undefined);
  }
});

test('words that the cloud has not said yet are shown as they are', () => {
  assert.equal(stateWord('待复核', english), '待复核');
  assert.equal(stateWord('', english), 'unknown');
  assert.deepEqual(
    ['draft', 'submitted', 'active', 'ready', 'rejected', 'Review denied', '待复核', undefined].map(toneOf),
    ['draft', 'waiting', 'good', 'good', 'bad', 'bad', 'unknown', 'unknown'],
  );
});

test('names mean nothing to Markdown', () => {
  assert.equal(plain('a*b_[c](x)\n$(zap)'), 'a\\*b\\_\\[c\\]\\(x\\) \\$\\(zap\\)');
});
