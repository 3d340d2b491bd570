/** What others have written: clouds, READMEs. Nothing of it runs, and it is shown as plain text. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Code, closeBrowser, until } from '../support/code.mjs';
import { KEY, Machine } from '../support/machine.mjs';

after(closeBrowser);

/** Tries to run something in every way that HTML has, and to reach the web. */
const README = `# Before

<script>document.title = 'run'</script>
<img src="static/favicon.svg" onload="document.title = 'run'">
<a href="javascript:document.title='run'">script</a>
<a href="command:workbench.action.files.newUntitledFile">command</a>
<a href="../../elsewhere.md">outside</a>

<iframe src="https://web.invalid/frame"></iframe>
<img src="https://web.invalid/picture.png" alt="tracker">
<p style="background: url(https://web.invalid/style.png)">styled</p>
<style>body { display: none }</style>
<base href="https://web.invalid/">
<svg onload="document.title = 'run'"><style>body { display: none }</style></svg>

## After
`;

test('nothing of a README runs, and nothing of it is fetched from the web', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo', { 'README.md': README });
  const code = await Code.start(t, machine);
  /** @type {string[]} */
  const asked = [];
  code.page.context().on('request', (request) => request.url().includes('web.invalid') && asked.push(request.url()));
  await code.open(folder, 'extension.yaml');
  await code.lens(/Push demo/).waitFor();
  await code.palette('KubeSphere: Preview in the Marketplace');
  const frame = await code.webview(/on the Marketplace$/);
  const text = frame.locator('#text');
  await text.getByRole('heading', { name: 'After' }).waitFor();

  for (const name of ['script', 'command', 'outside']) {
    assert.equal(await text.locator('a', { hasText: name }).getAttribute('href'), null, name);
  }
  await text.getByText('tracker is on the web and not loaded').waitFor();
  assert.equal(await text.locator('script, style, iframe, svg, base, [style], [onload]').count(), 0);
  assert.notEqual(await frame.title(), 'run');
  assert.deepEqual(asked, []);
  assert.doesNotMatch(code.console, /Content Security Policy/);
});

test('what a cloud answers makes no links that run commands', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const body = 'oops [click](command:workbench.action.files.newUntitledFile)';
  const server = await machine.sandbox(t, ['--fault', `snapshots:status=400,body=${body}`]);
  const env = { KSEXT_SERVER: server, KSEXT_TOKEN: KEY };
  // The editor writes every message of an error on its console.
  const code = await Code.start(t, machine, { env, settings: { 'ksext.server': server }, mayComplain: true });
  await code.open(folder, 'extension.yaml');
  await code.lens(/Push demo/).waitFor();
  await code.palette('KubeSphere: Show review status');
  const told = code.notification('oops');
  await told.waitFor();
  assert.match(await told.innerText(), /Cannot .* demo .*oops \[click\] \(command:/s);
  const links = await told.locator('.notification-list-item-message a').allInnerTexts();
  assert.deepEqual(links, [server]);
});

test('a version that push has raised is left to be saved, which is said', async (t) => {
  const machine = await Machine.new(t);
  const folder = await machine.package('demo', 'demo');
  const server = await machine.sandbox(t);
  await machine.logIn(server);
  await machine.ok(['push', folder, '--yes']);
  const code = await Code.start(t, machine, { settings: { 'ksext.server': server } });
  await code.open(folder, 'extension.yaml');
  await code.lens(/Push/).waitFor();
  await code.palette('KubeSphere: Push to KubeSphere Cloud');
  const question = code.modal('demo 0.1.0 is on');
  await question.waitFor();
  assert.doesNotMatch(await question.innerText(), /`/);
  await question.button('Raise version to 0.1.1').click();
  await code.notification(/^Nothing was pushed yet: version is now 0\.1\.1/).waitFor();
  await until(async () => (await code.text()).includes('version: 0.1.1'), 'the version to be raised');

  await code.palette('KubeSphere: Push to KubeSphere Cloud');
  await code.modal('Save the changes first?').button('Save and Continue').click();
  await code.modal('Push demo 0.1.1').button('Push').click();
  await code.notification('Pushed demo 0.1.1').waitFor();
});
