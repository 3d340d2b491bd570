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

test('an age is told in the largest unit that fits, in the language of the editor', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const ages: [string | null | undefined, string, string | undefined][] = [
    ['2026-03-01T11:59:30Z', 'en', 'now'],
    ['2026-03-01T11:58:00Z', 'en', '2 min ago'],
    ['2026-03-01T09:30:00Z', 'en', '2 hr ago'],
    ['2026-02-28T11:00:00Z', 'en', 'yesterday'],
    ['2026-03-01T09:30:00Z', 'zh-cn', '2小时前'],
    ['2025-11-01T12:00:00Z', 'zh-cn', '4个月前'],
    // A clock that goes ahead of ours, and times that are none.
    ['2026-03-01T13:00:00Z', 'en', 'now'],
    ['0001-01-01T00:00:00Z', 'en', undefined],
    ['soon', 'en', undefined],
    [null, 'en', undefined],
    [undefined, 'en', undefined],
  ];
  for (const [when, locale, expected] of ages)
    assert.equal(age(when, now, locale)?.replace('.', ''), expected, String(when));
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
