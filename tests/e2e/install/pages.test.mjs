/** The commands of `server/docs/install.md` and `install_zh.md`, with files of this machine in place of those of a release. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { blocksOf } from '../docs/blocks.mjs';
import { Machine } from '../support/machine.mjs';
import { findProgram } from '../support/programs.mjs';
import { DIST, VERSION, archive, mirror, ok, registry } from './release.mjs';

/** Where the pages say that releases are, each with where they are in the test. */
const PLACES = {
  'https://github.com/ksext/ksext/releases/latest/download': `/v${VERSION}`,
  'https://github.com/ksext/ksext/releases/download': '',
  'https://mirror.example.com/ksext': '',
};

/**
 * curl, but for those places.
 * @param {string} base of the mirror
 */
function curlFor(base) {
  const places = Object.entries(PLACES).map(([from, to]) => `    ${from}/*) word="${base}${to}/\${word#${from}/}" ;;`);
  return `#!/bin/sh
for word; do
    shift
    case "$word" in
${places.join('\n')}
    =https) word='=https,http' ;;
    esac
    set -- "$@" "$word"
done
exec ${findProgram('CURL', { names: ['curl'], hint: 'no curl' })} "$@"
`;
}

for (const page of ['server/docs/install.md', 'server/docs/install_zh.md']) {
  test(`every command of ${page}`, async (t) => {
    assert.equal(archive(), 'ksext-x86_64-unknown-linux-musl.tar.gz', 'the page names the archive of another system');
    const machine = await Machine.new(t);
    const [files, packages] = [await mirror(t), await registry(t)];
    const bin = join(machine.home, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'curl'), curlFor(files.base), { mode: 0o755 });
    const env = {
      ...machine.env,
      PATH: `${bin}:${machine.env.PATH}`,
      npm_config_registry: packages.base,
      npm_config_update_notifier: 'false',
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: DIST,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
    };
    const blocks = (await blocksOf(page)).filter(({ test }) => test.elsewhere === 'install/pages.test.mjs');
    assert.equal(blocks.length, 6);
    const said = [];
    for (const { text } of blocks) said.push(await ok('bash', ['-euo', 'pipefail', '-c', text], { env, cwd: machine.home }));
    assert.equal(said.join('').match(new RegExp(`^ksext ${VERSION}$`, 'gm'))?.length, 3, said.join(''));
  });
}
