/** Every command that the extension contributes, used as a user does: a command without a line here is a failure. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Code, closeBrowser, until } from '../support/code.mjs';
import { KEY, Machine } from '../support/machine.mjs';

after(closeBrowser);

/**
 * What a command is used on.
 * @typedef {object} Desk
 * @property {Code} code
 * @property {Machine} machine
 * @property {Machine} elsewhere somebody with the same account on another machine
 * @property {string} server
 * @property {() => Promise<string[]>} versions that the cloud has, and where they stand
 */

/** The menu of a row in the list. @param {Code} code @param {string | RegExp} row @param {string} id */
async function chooseInMenu(code, row, id) {
  const item = code.page.locator('.monaco-menu .action-item', { hasText: code.titleOf(id).replace(/^.*?: /, '') }).first();
  const goes = (/** @type {'visible' | 'hidden'} */ state) => item.waitFor({ state, timeout: 1_000 }).then(() => true, () => false);
  await until(async () => {
    await code.view('Marketplace').row(row).click({ button: 'right' });
    return goes('visible');
  }, `the menu of ${row}`);
  // A click right after it has opened is taken for the end of the one that opened it.
  await until(async () => {
    await item.click();
    return goes('hidden');
  }, `${id} to be taken`);
}

/** Clears away what was said before. @param {Code} code */
async function clear({ page }) {
  for (const toast of await page.locator('.notification-toast').all()) {
    await toast.hover({ timeout: 500 }).catch(() => {});
    await toast.locator('.codicon-notifications-clear').click({ timeout: 500 }).catch(() => {});
  }
}

const clipboard = ({ page }) => page.evaluate(() => navigator.clipboard.readText());

/** THE table, in an order in which each finds what it needs. @type {Record<string, (desk: Desk) => Promise<unknown>>} */
const COMMANDS = {
  'kubesphere.signIn': async ({ code }) => {
    await code.run('kubesphere.signIn');
    await code.input.fill(KEY);
    await code.page.keyboard.press('Enter');
    await code.notification('You are signed in').waitFor();
  },
  'kubesphere.pushDraft': async ({ code, versions }) => {
    await code.run('kubesphere.pushDraft');
    await code.modal('0.1.0').button(/^Push/).click();
    await until(async () => (await versions()).includes('0.1.0 draft'), 'a draft');
  },
  'kubesphere.submit': async ({ code, versions }) => {
    await code.run('kubesphere.submit');
    await until(async () => (await versions()).includes('0.1.0 submitted'), 'the draft to be submitted');
  },
  'kubesphere.status': async ({ code }) => {
    await code.run('kubesphere.status');
    await code.notification('submitted').button('Withdraw').waitFor();
  },
  'kubesphere.withdraw': async ({ code, versions }) => {
    await code.run('kubesphere.withdraw');
    await code.modal('Withdraw demo 0.1.0').button('Withdraw').click();
    await until(async () => (await versions()).includes('0.1.0 draft'), 'the version to be a draft again');
  },
  'kubesphere.push': async ({ code, versions }) => {
    await code.run('kubesphere.push');
    await code.modal('0.1.0').button(/^Push/).click();
    await until(async () => (await versions()).includes('0.1.0 submitted'), 'the version to be submitted');
  },
  'kubesphere.list': async ({ code }) => {
    await code.run('kubesphere.list');
    await code.view('Marketplace').row('demo').waitFor();
  },
  'kubesphere.refresh': async ({ code, elsewhere }) => {
    const manifest = await readFile(join(code.machine.home, 'demo', 'extension.yaml'), 'utf8');
    const folder = await elsewhere.package('second', 'demo', { 'extension.yaml': manifest.replace('name: demo', 'name: second') });
    await elsewhere.ok(['push', folder, '--yes']);
    await code.run('kubesphere.refresh');
    await code.view('Marketplace').row('second').waitFor();
  },
  'kubesphere.copyId': async ({ code, elsewhere }) => {
    const { id } = await elsewhere.json(['get', 'demo']);
    await chooseInMenu(code, 'demo', 'kubesphere.copyId');
    await until(async () => (await clipboard(code)) === id, `${id} in the clipboard`);
  },
  'kubesphere.openPackage': async ({ code }) => {
    await code.palette('View: Close All Editors');
    await code.tab('extension.yaml').waitFor({ state: 'hidden' });
    await chooseInMenu(code, 'demo', 'kubesphere.openPackage');
    await code.tab('extension.yaml').waitFor();
  },
  'kubesphere.package': async ({ code, machine }) => {
    await code.run('kubesphere.package');
    await code.notification('demo-0.1.0.tgz').waitFor();
    assert.ok(['', 'demo'].some((folder) => existsSync(join(machine.home, folder, 'demo-0.1.0.tgz'))));
  },
  'kubesphere.size': async ({ code }) => {
    await code.run('kubesphere.size');
    await (await code.webview('Size of demo')).getByRole('heading', { name: 'demo 0.1.0' }).waitFor();
  },
  'kubesphere.marketplace': async ({ code }) => {
    await code.run('kubesphere.marketplace');
    await (await code.webview('demo on the Marketplace')).getByRole('heading', { name: 'Demo Extension' }).first().waitFor();
  },
  'kubesphere.preview': async ({ code }) => {
    await code.run('kubesphere.preview');
    await code.tab('demo 0.1.0 as it is published').waitFor();
    await code.page.locator('.modified .view-line:visible', { hasText: 'repository: ""' }).first().waitFor();
  },
  'kubesphere.diff': async ({ code }) => {
    await code.palette('View: Close All Editors');
    await code.openFile('README.md');
    await code.type('# Changed\n');
    await code.save();
    await code.run('kubesphere.diff');
    await code.tab('demo: 0.1.0 ↔ 0.1.0').waitFor();
    await code.page.locator('.modified .view-line:visible', { hasText: 'README.md' }).first().waitFor();
  },
  'kubesphere.fixAll': async ({ code, machine }) => {
    const manifest = join(machine.home, 'demo', 'extension.yaml');
    const text = await readFile(manifest, 'utf8');
    await code.openFile('extension.yaml');
    await writeFile(manifest, text.replace('category: dev-tools', 'category: devtools'));
    await code.squiggle('devtools', 'warning');
    await code.run('kubesphere.fixAll');
    await until(async () => /category: dev-tools/.test(await code.text()), 'the fix');
    await code.save();
    assert.equal(await readFile(manifest, 'utf8'), text);
  },
  'kubesphere.newExtension': async ({ code, machine }) => {
    await code.run('kubesphere.newExtension');
    await code.input.fill('Nicht so');
    await code.page.locator('.quick-input-widget', { hasText: 'Lowercase letters' }).waitFor();
    await code.input.fill('hello-world');
    await code.page.keyboard.press('Enter');
    await code.choice('demo').click();
    await until(() => existsSync(join(machine.home, 'demo', 'hello-world', 'extension.yaml')), 'the new package');
    await code.page.locator('.breadcrumbs-control', { hasText: 'hello-world' }).first().waitFor();
  },
  'kubesphere.startSandbox': async ({ code }) => {
    await code.run('kubesphere.startSandbox');
    const offer = code.notification('A sandbox is running at');
    await offer.waitFor();
    const [address] = (await offer.innerText()).match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
    assert.ok((await fetch(`${address}/charts/index.yaml`)).ok);
    await offer.button('Use It').click();
    const settings = () => readFile(join(code.folder, 'data', 'User', 'settings.json'), 'utf8');
    await until(async () => (await settings()).includes(address), 'the setting');
    await code.palette('Terminal: Kill the Active Terminal Instance');
    await code.notification('The sandbox has ended').waitFor();
    assert.ok(!(await settings()).includes(address));
  },
  'kubesphere.restart': async ({ code }) => {
    const [before] = code.servers();
    await code.run('kubesphere.restart');
    await until(() => code.servers().some(({ id }) => id !== before.id), 'another server');
  },
  'kubesphere.showLog': async ({ code }) => {
    await code.run('kubesphere.showLog');
    await code.page.locator('.part.panel .view-line', { hasText: 'is running' }).first().waitFor();
  },
  'kubesphere.copyDiagnosticInformation': async ({ code }) => {
    await code.run('kubesphere.copyDiagnosticInformation');
    await code.notification('in the clipboard').waitFor();
    const text = await clipboard(code);
    assert.match(text, /"state": "running"/);
    assert.ok(!text.includes(KEY));
  },
  'kubesphere.signOut': async ({ code }) => {
    await code.run('kubesphere.signOut');
    await code.notification('You are signed out').waitFor();
  },
};

test('every command', async (t) => {
  const [machine, elsewhere] = [await Machine.new(t), await Machine.new(t)];
  const server = await machine.sandbox(t, ['--token', KEY]);
  await elsewhere.logIn(server);
  const folder = await machine.package('demo', 'demo');
  const code = await Code.start(t, machine, { settings: { 'ksext.server': server } });
  await code.open(folder, 'extension.yaml');
  await code.statusBar(/KB/).waitFor();
  const versions = async () => {
    const { code: status, stdout } = await elsewhere.run(['get', 'demo', '--format', 'json']);
    return status === 0 ? JSON.parse(stdout).snapshots.map(({ version, status }) => `${version} ${status}`) : [];
  };

  assert.deepEqual(Object.keys(COMMANDS).sort(), code.manifest.contributes.commands.map(({ command }) => command).sort());
  for (const [id, use] of Object.entries(COMMANDS)) {
    await t.test(id, async () => {
      await clear(code);
      try {
        await use({ code, machine, elsewhere, server, versions });
      } catch (error) {
        await code.screenshot(`failed ${id}`);
        throw error;
      }
    });
  }
});
