/** What goes between this extension and the program, as far as it is plain data. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogOutputChannel } from 'vscode';

import { Crashes } from '../src/server/crashes';
import { environment, type Given } from '../src/server/environment';
import { Log } from '../src/server/log';
import { pathSetting } from '../src/server/pathSetting';
import { redact } from '../src/server/redact';
import { leaving } from '../src/server/settings';
import { readLine } from '../src/server/stderr';
import { bare, linked, question, sentence } from '../src/server/texts';
import { isOlder } from '../src/server/version';

test('versions follow each other by their numbers', () => {
  for (const [version, other, older] of [
    ['0.1.0', '0.1.0', false],
    ['0.0.9', '0.1.0', true],
    ['0.10.0', '0.9.9', false],
    ['1.0.0', '0.9.9', false],
    ['v0.1.0', '0.1.0', false],
    ['0.1.0-beta.1', '0.1.0', false],
    ['', '0.1.0', true],
    ['unknown', '0.1.0', true],
  ] as const) {
    assert.equal(isOlder(version, other), older, `${version} ${other}`);
  }
});

test('three crashes within three minutes are forgiven, a fourth is not', () => {
  const crashes = new Crashes();
  const minute = 60_000;
  assert.deepEqual(
    [0, 1, 2, 3].map((time) => crashes.forgives(time)),
    [true, true, true, false],
  );
  assert.equal(crashes.forgives(3 * minute + 4), true, 'those of long ago do not count');
  for (const _ of [1, 2, 3]) crashes.forgives(4 * minute);
  crashes.forget();
  assert.equal(crashes.forgives(4 * minute), true, 'nor those before somebody looked after it');
});

test('a key stands nowhere in what is logged', () => {
  const key = 'kck-1e63267b-cb3c-4757-b739-3d94a06781aa';
  const odd = 'an "odd" \\key';
  const params = { command: 'ksext.login', arguments: [{ token: odd, server: 'https://kubesphere.cloud' }] };
  for (const [text, secrets, expected] of [
    [`Params: {"token": "${key}"}`, [], 'Params: {"token": "***"}'],
    ['nothing to hide', [odd], 'nothing to hide'],
    [`${odd} and ${odd}`, [odd], '*** and ***'],
    [`${key}：密钥`, [], '***：密钥'],
    ['an empty secret', [''], 'an empty secret'],
  ] as const) {
    assert.equal(redact(text, secrets), expected);
  }
  const shown = redact(JSON.stringify(params, undefined, 4), [odd]);
  assert.deepEqual(JSON.parse(shown).arguments, [{ token: '***', server: 'https://kubesphere.cloud' }]);
});

test('the log keeps quiet about a key from when it is known', () => {
  const lines: string[] = [];
  const write = (...texts: unknown[]) => void lines.push(texts.join(' '));
  const channel = { trace: write, debug: write, info: write, warn: write, error: write, append: write };
  const log = new Log({ ...channel, appendLine: write, replace: write } as unknown as LogOutputChannel);
  log.conceal('a secret');
  const text = 'with a secret';
  for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[level](text, { token: 'a secret' });
  for (const way of ['append', 'appendLine', 'replace'] as const) log[way](text);
  log.error(new Error(text));
  assert.equal(lines.length, 9);
  for (const line of lines) assert.ok(line.includes('with ***') && !line.includes('a secret'), line);
});

test('a line of stderr has the level that the program gave it', () => {
  for (const [line, level, text] of [
    [
      '2026-01-01T00:00:00.123Z  WARN ksext::lsp: the client made no edit',
      'warn',
      'ksext::lsp: the client made no edit',
    ],
    [' INFO ksext: started', 'info', 'ksext: started'],
    ["thread 'main' panicked at src/main.rs:1", 'error', "thread 'main' panicked at src/main.rs:1"],
    ['', 'error', ''],
  ] as const) {
    assert.deepEqual(readLine(line.trimStart()), { level, text });
  }
});

test('the program runs in the environment of the editor, with what its settings add', () => {
  const check = (given: Partial<Given>, expected: NodeJS.ProcessEnv) => {
    const all: Given = { inherited: {}, proxy: '', noProxy: [], isVerbose: false, ...given };
    assert.deepEqual(environment(all), expected);
  };
  check({ inherited: { PATH: '/bin' } }, { PATH: '/bin' });
  check({ isVerbose: true }, { KSEXT_LOG: 'debug' });
  check({ isVerbose: true, inherited: { KSEXT_LOG: 'error' } }, { KSEXT_LOG: 'error' });
  check({ proxy: 'http://p:1', noProxy: ['a', 'b'] }, { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a,b' });
  check({ proxy: 'http://p:1', inherited: { https_proxy: 'http://q:2' } }, { https_proxy: 'http://q:2' });
});

test('another YAML server is left what it reports too; the rest of the section stays', () => {
  const diagnostics = { workspace: false, otherYamlServer: true };
  const given = { lang: 'zh', diagnostics: { workspace: false, otherYamlServer: false } };
  assert.deepEqual(leaving(given), { lang: 'zh', diagnostics });
  for (const nothing of [null, undefined, 'text', {}]) {
    assert.deepEqual(leaving(nothing), { diagnostics: { otherYamlServer: true } });
  }
});

test('a question is its first line, and the rest is read before it is answered', () => {
  assert.deepEqual(question('推送 demo？\n3 KB\n2 个文件\n'), { text: '推送 demo？', detail: '3 KB\n2 个文件' });
  assert.deepEqual(question('Push `demo` 0.1.0?'), { text: 'Push demo 0.1.0?', detail: '' });
});

test('addresses in messages can be clicked on', () => {
  for (const [text, expected] of [
    ['see https://a.example/x.', 'see [https://a.example/x](https://a.example/x).'],
    ['请在 https://a.example/u/（安全）创建', '请在 [https://a.example/u/](https://a.example/u/)（安全）创建'],
    ['(http://127.0.0.1:80)', '([http://127.0.0.1:80](http://127.0.0.1:80))'],
    ['no address', 'no address'],
  ] as const) {
    assert.equal(linked(text), expected);
  }
});

test('messages show no backticks', () => {
  for (const [text, expected] of [
    ['`demo` was never pushed; `ksext push` does it', 'demo was never pushed; “ksext push” does it'],
    ['编辑器中的 `version` 已改为 0.1.1', '编辑器中的 version 已改为 0.1.1'],
    ['a lone ` stays, `` too', 'a lone ` stays, `` too'],
  ] as const) {
    assert.equal(bare(text), expected);
    assert.equal(linked(text), expected);
  }
});

test('what a cloud says makes no links that run commands', () => {
  for (const text of [
    'rejected: [why](command:workbench.action.quit)',
    '[why]`(command:workbench.action.quit)`',
    '[`a`](file:///etc/passwd)',
  ]) {
    assert.doesNotMatch(linked(text), /\]\((?!https?:)/, text);
  }
});

test('the setting that names the program is shown where the editor has it', () => {
  assert.equal(pathSetting(undefined).command, 'workbench.action.openSettings');
  assert.equal(pathSetting('ssh-remote').command, 'workbench.action.openRemoteSettings');
});

test('a sentence begins with a capital', () => {
  assert.deepEqual(['pushed demo', '已推送', ''].map(sentence), ['Pushed demo', '已推送', '']);
});
