/** Which program is started. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { findServer, type Surroundings } from '../src/server/find';

let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'ksext-find-'));
  for (const path of ['bundle/server/ksext', 'bin/ksext', 'own/ksext']) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '', { mode: 0o755 });
  }
});
after(() => rmSync(root, { recursive: true }));

function check(what: Partial<Surroundings>, expected: object) {
  const given: Surroundings = {
    setting: '',
    extension: join(root, 'empty'),
    trusted: true,
    platform: 'linux',
    path: '',
    ...what,
  };
  assert.deepEqual(findServer(given), expected);
}

test('the setting comes first, then the bundle, then the PATH', () => {
  const [setting, extension, path] = [join(root, 'own/ksext'), join(root, 'bundle'), join(root, 'bin')];
  const bundled = join(extension, 'server/ksext');
  check({ setting, extension, path }, { program: setting, origin: 'setting' });
  check({ extension, path }, { program: bundled, origin: 'bundled' });
  check({ path }, { program: join(path, 'ksext'), origin: 'path' });
  check({}, { missing: 'everywhere' });
});

test('a setting that leads nowhere is not passed over in silence', () => {
  check({ setting: join(root, 'none'), extension: join(root, 'bundle') }, { missing: 'setting' });
  check({ setting: 'ksext', path: join(root, 'bin') }, { missing: 'setting' });
});

test('without trust only the bundled program is started', () => {
  const [setting, extension, path] = [join(root, 'own/ksext'), join(root, 'bundle'), join(root, 'bin')];
  check({ trusted: false, setting, extension, path }, { program: join(extension, 'server/ksext'), origin: 'bundled' });
  check({ trusted: false, setting, path }, { missing: 'untrusted' });
});
