/** The way to the Marketplace: sign in, push, be reviewed, withdraw. In the real editor, with a sandbox for a cloud. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Code, closeBrowser, until } from '../support/code.mjs';
import { KEY, Machine } from '../support/machine.mjs';

after(closeBrowser);

const WRONG = KEY.replaceAll('1', '2');

/**
 * An editor on a package, beside a sandbox; and somebody with the same account elsewhere, who sees what the cloud has.
 * @param {import('node:test').TestContext} t
 * @param {{ sandbox?: string[], code?: import('../support/code.mjs').Options }} [options]
 */
async function open(t, { sandbox = [], code: options = {} } = {}) {
  const machine = await Machine.new(t);
  const server = await machine.sandbox(t, ['--token', KEY, ...sandbox]);
  const folder = await machine.package('demo', 'demo');
  const settings = { 'ksext.server': server, 'ksext.status.poll': 1, ...options.settings };
  const code = await Code.start(t, machine, { ...options, settings });
  await code.open(folder, 'extension.yaml');
  const elsewhere = await Machine.new(t);
  await elsewhere.logIn(server);
  const onCloud = async () => {
    const { code: status, stdout } = await elsewhere.run(['get', 'demo', '--format', 'json']);
    return status === 0 ? JSON.parse(stdout).snapshots.map(({ version, status }) => `${version} ${status}`) : [];
  };
  return { machine, server, code, elsewhere, onCloud };
}

/** Signs in with a key. @param {Code} code */
async function signIn(code, key = KEY) {
  await code.input.fill(key);
  await code.page.keyboard.press('Enter');
}

test('from signing in to the Marketplace', async (t) => {
  const { machine, server, code, elsewhere, onCloud } = await open(t);
  const size = code.statusBar(/KB of 1(\.0)? MB/);
  await size.waitFor();
  await code.lens('Log in').waitFor();

  await t.test('the key is asked for, hidden, and tried before it is taken', async () => {
    await code.run('kubesphere.signIn');
    await code.input.waitFor();
    assert.equal(await code.input.getAttribute('type'), 'password');
    await signIn(code, WRONG);
    await code.page.locator('.quick-input-widget', { hasText: '403' }).waitFor();
    await code.screenshot('sign-in-wrong');
    await signIn(code);
    await code.notification(`You are signed in to ${server}`).waitFor();
    await code.screenshot('signed-in');
    await code.page.getByRole('button', { name: 'Accounts' }).first().click();
    await code.page.getByRole('menuitem', { name: /KubeSphere Cloud/ }).waitFor();
    await code.screenshot('accounts');
    await code.page.keyboard.press('Escape');
  });

  await t.test('nothing is pushed without a yes', async () => {
    await code.lens('Push demo 0.1.0').click();
    const question = code.modal('0.1.0');
    await question.waitFor();
    await code.screenshot('push-confirm');
    await question.button('Cancel').click();
    await question.waitFor({ state: 'hidden' });
    assert.deepEqual(await onCloud(), []);
  });

  await t.test('push', async () => {
    await code.run('kubesphere.push');
    await code.modal('0.1.0').button(/^Push/).click();
    await code.notification('demo').button('Show Status').waitFor();
    await code.screenshot('pushed');
    assert.deepEqual(await onCloud(), ['0.1.0 submitted']);
    await code.statusBar('submitted').waitFor();
  });

  await t.test('the list shows where it stands', async () => {
    await code.run('kubesphere.list');
    const view = code.view('KubeSphere: Marketplace');
    await view.row('demo').click();
    await view.row(/0\.1\.0.*submitted/s).waitFor();
    await code.screenshot('list-submitted');
  });

  await t.test('a decision of the reviewers is heard of', async () => {
    const reviewer = await code.page.context().newPage();
    await reviewer.goto(`${server}/review`);
    await reviewer.getByRole('button', { name: 'Approve' }).click();
    await reviewer.getByRole('main').getByText('Active').waitFor();
    await reviewer.close();
    assert.deepEqual(await onCloud(), ['0.1.0 active']);
    await code.statusBar(/active/).waitFor();
    await code.lens(/0\.1\.0 active/).waitFor();
    await code.page.locator('.view-line', { hasText: /version:\s0\.1\.0\s*active/ }).waitFor();
    await code.view('KubeSphere: Marketplace').row(/0\.1\.0.*active/s).waitFor();
    await code.screenshot('approved');
  });

  await t.test('signing out forgets the key', async () => {
    await code.run('kubesphere.signOut');
    await code.notification('You are signed out').waitFor();
    await code.lens('Log in').waitFor();
  });

  await t.test('the key stands nowhere', async () => {
    assert.deepEqual(await filesWith(machine.home, [KEY, WRONG]), []);
    for (const secret of [KEY, WRONG]) assert.ok(!`${code.console}${code.log}`.includes(secret));
    assert.notDeepEqual(await filesWith(elsewhere.home, [KEY]), [], 'where it is kept, it is found');
  });
});

/** Files in a folder that hold one of the texts, plain or in Base64. @param {string} folder @param {string[]} texts */
async function filesWith(folder, texts) {
  const secrets = texts.flatMap((text) => [text, Buffer.from(text).toString('base64')]);
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const found = [];
  for (const file of files) {
    const content = await readFile(file);
    if (secrets.some((secret) => content.includes(secret))) found.push(file);
  }
  return found;
}

test('a push is cancelled half-way', async (t) => {
  const { code, onCloud } = await open(t, { sandbox: ['--fault', 'package:hang'] });
  await code.lens('Log in').click();
  await code.input.waitFor();
  await signIn(code);
  await code.notification('You are signed in').waitFor();
  await code.run('kubesphere.push');
  await code.modal('0.1.0').button(/^Push/).click();
  const progress = code.notification(/Push to KubeSphere Cloud.*/);
  await progress.button('Cancel').waitFor();
  await until(async () => /upload|send|package/i.test(await progress.innerText()), 'a stage');
  await code.screenshot('push-progress');
  await progress.button('Cancel').click();
  await code.notification(/cancel|stopped/i).waitFor();
  await code.screenshot('push-cancelled');
  assert.deepEqual(await onCloud(), []);
});

test('who has not signed in is asked to by what needs it, in Chinese too', async (t) => {
  const { code, onCloud } = await open(t, { code: { language: 'zh-cn', dark: true } });
  await code.lens('推送').click();
  await code.input.waitFor();
  await code.screenshot('sign-in-zh');
  await signIn(code);
  // What was begun goes on.
  await code.modal('0.1.0').button(/^推送/).click();
  await code.statusBar(/已提交|审核/).waitFor();
  assert.deepEqual(await onCloud(), ['0.1.0 submitted']);
  // Neither the push that was refused for want of a key nor the one that was done shows progress any more.
  await code.notification(/推送到 KubeSphere Cloud/).waitFor({ state: 'hidden' });
  await code.screenshot('pushed-zh');

  await code.run('kubesphere.withdraw');
  await code.modal('demo 0.1.0').button(/撤回/).click();
  await code.notification(/草稿/).waitFor();
  assert.deepEqual(await onCloud(), ['0.1.0 draft']);
  await code.screenshot('withdrawn-zh');
});
