/** Neovim in a terminal, as a person sees it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KEY, Machine } from '../support/machine.mjs';
import { open } from './neovim.mjs';

/** What the person reads, in the order of the job. */
const LANGUAGES = [
  {
    locale: 'en_US.UTF-8',
    login: 'Log in to KubeSphere Cloud | Push demo 0.1.0',
    asked: (/** @type {string} */ server) => `API key of ${server} (not shown):`,
    done: 'logged in to',
    question: /Push `demo` 0\.1\.0 to .* as Sandbox user and submit it for review\?/,
    button: '1: Push',
    detail: '21 entries',
    pushed: 'pushed demo 0.1.0',
    submitted: '0.1.0 submitted just now',
    folders: 'By folder',
  },
  {
    locale: 'zh_CN.UTF-8',
    login: '登录 KubeSphere Cloud | 推送 demo 0.1.0',
    asked: (/** @type {string} */ server) => `${server} 的 API 密钥（不回显）：`,
    done: '已登录',
    question: /将 `demo` 0\.1\.0 推送到/,
    button: '1: 推送',
    detail: '21 个',
    pushed: '已推送 demo 0.1.0',
    submitted: '0.1.0 审核中',
    folders: '按目录',
  },
];

for (const words of LANGUAGES) {
  test(`the job from login to review in a terminal (${words.locale})`, async (t) => {
    const machine = await Machine.new(t);
    const folder = await machine.package('demo', 'demo');
    const server = await machine.sandbox(t, ['--token', KEY]);
    const neovim = await open(t, machine, ['extension.yaml'], { cwd: folder, env: { LANG: words.locale } });
    await neovim.shows(words.login);

    await neovim.type(`:KsextLogin ${server}\r`);
    await neovim.shows(words.asked(server));
    await neovim.type(KEY);
    const masked = await neovim.shows('*'.repeat(KEY.length));
    assert.ok(!masked.includes(KEY.slice(4)));
    await neovim.press('Enter');
    await neovim.shows(words.done);

    await neovim.type(':KsextPush\r');
    const question = await neovim.shows(words.button);
    assert.match(question, words.question);
    assert.ok(question.includes(words.detail), question);
    await neovim.shoot(`neovim-push-${words.locale.slice(0, 2)}`);
    await neovim.type('1\r');
    await neovim.shows(words.pushed);
    await neovim.shows(words.submitted);

    await neovim.type(':KsextSize\r');
    await neovim.shows(words.folders);
    await neovim.shoot(`neovim-size-${words.locale.slice(0, 2)}`);
    await neovim.type('q');
    await neovim.hides(words.folders);

    await neovim.type(':history input\r');
    await neovim.shows('history');
    const history = await neovim.screen();
    assert.ok(!history.includes(KEY.slice(4)));
  });
}

test('CTRL-C is no answer to a question, and leaves nothing of it on the screen', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const server = await machine.sandbox(t, ['--token', KEY]);
  await machine.logIn(server);
  const neovim = await open(t, machine, ['extension.yaml'], { cwd: folder });
  await neovim.shows('Push demo 0.1.0');
  await neovim.type(':KsextPush\r');
  await neovim.shows('21 entries');
  await neovim.press('C-c');
  const after = await neovim.shows('did not push `demo` 0.1.0: cancelled');
  assert.ok(!after.includes('21 entries') && !after.includes('cannot ask') && !after.includes('ERROR'), after);
});
