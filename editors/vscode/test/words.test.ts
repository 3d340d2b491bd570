/** Words for people. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { plain } from '../src/words';

test('names mean nothing to Markdown', () => {
  assert.equal(plain('a*b_[c](x)\n$(zap)'), 'a\\*b\\_\\[c\\]\\(x\\) \\$\\(zap\\)');
});
