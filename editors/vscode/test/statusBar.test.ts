/** What the status bar and the language status say. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PackageStatus, Tone } from '../src/server/protocol';
import { cloudText, serverText } from '../src/views/healthText';
import { statusBarText, TOOLTIP_COMMANDS } from '../src/views/statusBarText';
import { english } from '../src/words';

const DEMO: PackageStatus = {
  root: 'file:///home/me/demo',
  manifest: 'file:///home/me/demo/extension.yaml',
  name: 'demo',
  version: '0.1.0',
  findings: { errors: 0, warnings: 0 },
  size: { projected: 3_100, projectedText: '3.0 KB', limit: 1_048_576, text: '3.0 KB of 1.0 MB', tooLarge: false },
  server: 'https://kubesphere.cloud',
  loggedIn: true,
};

const review = (tone: Tone, text: string) => ({ tone, text, table: '| a |' });

test('the status bar shows the review and the size, and warns of what keeps a version from its users', () => {
  const large = { ...{ projected: 2_000_000, limit: 1_048_576 }, projectedText: '1.9 MB', text: '1.9 MB of 1.0 MB' };
  const shown: [Partial<PackageStatus>, string, boolean][] = [
    [{}, '$(package) 3.0 KB of 1.0 MB', false],
    [{ review: review('unknown', 'not pushed') }, '$(package) not pushed · 3.0 KB of 1.0 MB', false],
    [{ review: review('waiting', 'submitted 2 h ago') }, '$(clock) submitted 2 h ago · 3.0 KB of 1.0 MB', false],
    [{ review: review('good', 'active') }, '$(pass) active · 3.0 KB of 1.0 MB', false],
    [{ review: review('bad', 'rejected 1 h ago') }, '$(error) rejected 1 h ago · 3.0 KB of 1.0 MB', true],
    [{ size: { ...large, tooLarge: true } }, '$(warning) 1.9 MB of 1.0 MB', true],
  ];
  for (const [change, text, isWarning] of shown) {
    const bar = statusBarText({ ...DEMO, ...change }, english);
    assert.deepEqual([bar.text, bar.isWarning], [text, isWarning]);
  }
});

test('a package of which nothing is known yet is named', () => {
  const { size: _, name: __, version: ___, ...nothing } = DEMO;
  assert.equal(statusBarText(nothing, english).text, '$(package) Package');
});

test('the tooltip leads to what can be done, and shows names as they are', () => {
  const { tooltip, label } = statusBarText(
    { ...DEMO, name: 'a*b', findings: { errors: 2, warnings: 1 }, loggedIn: false, review: review('draft', 'draft') },
    english,
  );
  assert.match(tooltip, /^\*\*a\\\*b 0\\\.1\\\.0\*\*/);
  for (const part of ['2 errors', '1 warning', 'Not signed in to kubesphere\\.cloud', '| a |']) {
    assert.ok(tooltip.includes(part), part);
  }
  for (const command of TOOLTIP_COMMANDS) assert.ok(tooltip.includes(`(command:${command})`), command);
  assert.equal(label, 'a*b 0.1.0, draft, 3.0 KB of 1.0 MB');
});

test('the language status says how the server is and what to do about it', () => {
  const told = [
    serverText({ state: 'starting' }, english),
    serverText({ state: 'running', version: '0.1.0', program: '/bin/ksext' }, english),
    serverText({ state: 'stopped' }, english),
    serverText({ state: 'failed', error: 'exit code 1' }, english),
    serverText({ state: 'missing', missing: 'everywhere' }, english),
    serverText({ state: 'missing', missing: 'untrusted' }, english),
  ];
  assert.deepEqual(
    told.map(({ text, severity, command }) => [text, severity, command?.command]),
    [
      ['ksext is starting', 'information', 'kubesphere.showLog'],
      ['ksext 0.1.0', 'information', 'kubesphere.showLog'],
      ['ksext does not run', 'warning', 'kubesphere.restart'],
      ['ksext has failed', 'error', 'kubesphere.showLog'],
      ['ksext is not there', 'error', 'workbench.action.openSettings'],
      ['ksext is not there', 'error', 'workbench.trust.manage'],
    ],
  );
  assert.equal(told[3]?.detail, 'exit code 1');
});

test('the language status offers to sign in where that is left to do', () => {
  assert.deepEqual(cloudText({ ...DEMO, loggedIn: false }, english)?.command?.command, 'kubesphere.signIn');
  assert.deepEqual(cloudText(DEMO, english)?.detail, 'signed in');
  assert.equal(cloudText(undefined, english), undefined);
});
