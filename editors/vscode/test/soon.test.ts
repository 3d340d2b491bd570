/** Bursts of changes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Soon } from '../src/views/soon';

test('a burst of reasons is acted upon once, after its end', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let acts = 0;
  const soon = new Soon(() => {
    acts += 1;
  });
  for (let reason = 0; reason < 5; reason += 1) {
    soon.call();
    t.mock.timers.tick(200);
  }
  assert.equal(acts, 0);
  t.mock.timers.tick(200);
  assert.equal(acts, 1);
  soon.call();
  soon.dispose();
  t.mock.timers.tick(1_000);
  assert.equal(acts, 1);
});
