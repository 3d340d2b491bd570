/** In a folder with packages. */

const assert = require('node:assert/strict');

const vscode = require('vscode');

const { findingOf, findings, ID, open, ruleOf, suite, until, write } = require('./suite.cjs');

const extension = vscode.extensions.getExtension(ID);

/** A manifest that nothing is said against, and what a test adds to it. @param {string} [more] */
const manifest = (more = '') => `\
apiVersion: kubesphere.io/v1alpha1
name: demo
version: 0.1.0
displayName: {zh: 示例扩展组件🚀, en: Demo}
description: {zh: 一个示例, en: An example}
category: dev-tools
provider: {zh: {name: 示例公司}, en: {name: Example}}
icon: ./icon.svg
${more}`;

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>';

/** A package in a folder of its own, open. @param {string} folder @param {string} text of its manifest */
async function packageOf(folder, text) {
  await write(`${folder}/icon.svg`, ICON);
  return open(`${folder}/extension.yaml`, text);
}

/** Where findings are said to be: the text that is underlined. @type {[rule: string, line: string, text: string][]} */
const RANGES = [
  ['unknown-key', '未知的键: 1', '未知的键'],
  ['unknown-key', '🚀键🎉: 值', '🚀键🎉'],
  ['missing-screenshot', 'screenshots: [./截图🎉.png]', './截图🎉.png'],
  ['invalid-url', "home: '不是网址🚀'", "'不是网址🚀'"],
];

exports.run = suite({
  'an extension.yaml wakes it': async () => {
    await until(() => extension.isActive, () => 'the extension to be active');
  },

  'every command of the manifest is there': async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = extension.packageJSON.contributes.commands.map(({ command }) => command).filter((id) => !known.has(id));
    assert.deepEqual(missing, []);
  },

  'every text of the manifest is there in the language of the editor': () => {
    assert.doesNotMatch(JSON.stringify(extension.packageJSON.contributes), /"%[\w.]+%"/);
  },

  'findings are on the characters they are about, whatever their width': async () => {
    for (const [index, [rule, line, text]] of RANGES.entries()) {
      const document = await packageOf(`ranges-${index}`, manifest(`${line}\n`));
      const finding = await findingOf(document.uri, rule);
      assert.equal(document.getText(finding.range), text, line);
      const start = line.indexOf(text);
      assert.deepEqual([finding.range.start.character, finding.range.end.character], [start, start + text.length], line);
    }
  },

  'a finding leads to the page of its rule': async () => {
    const document = await packageOf('links', manifest('未知: 1\n'));
    const finding = await findingOf(document.uri, 'unknown-key');
    assert.match(finding.code.target.toString(), /^https:.*unknown-key/);
  },

  'typing is followed, saved or not': async () => {
    const document = await packageOf('typing', manifest());
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(document.lineCount - 1, 0), '多余的键: 1\n');
    await vscode.workspace.applyEdit(edit);
    const finding = await findingOf(document.uri, 'unknown-key');
    assert.equal(document.getText(finding.range), '多余的键');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until(() => vscode.languages.getDiagnostics(document.uri).every((one) => ruleOf(one) !== 'unknown-key'), () => 'the finding to go');
  },

  'a key with another name is put right by a quick fix': async () => {
    const document = await packageOf('fix', manifest('keyword: [示例🚀]\n'));
    const { range } = await findingOf(document.uri, 'unknown-key');
    const fix = await until(async () => {
      const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range);
      return actions.find(({ edit, title }) => edit && /keywords/.test(title));
    }, () => 'a fix that names `keywords`');
    assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
    assert.match(document.getText(), /^keywords: \[示例🚀\]$/m);
  },

  'safe fixes are made when the file is saved': async () => {
    const settings = vscode.workspace.getConfiguration('editor');
    await settings.update('codeActionsOnSave', { 'source.fixAll.ksext': 'explicit' }, vscode.ConfigurationTarget.Workspace);
    const document = await packageOf('saving', manifest().replace('displayName', 'displayname'));
    await findings(document.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# 注释\n');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    assert.match(document.getText(), /^displayName:/m);
    await settings.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
  },

  'a condition leads to its value, and is renamed in all files': async () => {
    const document = await open('extension.yaml');
    const at = document.positionAt(document.getText().indexOf('backend.enabled') + 'backend.'.length);
    const links = await until(async () => {
      const found = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, at);
      return found.length > 0 && found;
    }, () => 'a definition');
    assert.deepEqual(links.map(({ targetUri, uri }) => (targetUri ?? uri).path.split('/').at(-1)), ['values.yaml']);
    const edit = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, at, 'wanted');
    const files = edit.entries().map(([uri]) => uri.path.split('/').at(-1));
    assert.deepEqual(files.sort(), ['extension.yaml', 'values.yaml']);
  },

  'categories are offered with what they mean': async () => {
    const document = await packageOf('completion', manifest().replace('category: dev-tools', 'category: '));
    const { items } = await until(async () => {
      const list = await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, new vscode.Position(5, 10));
      return list.items.some(({ label }) => (label.label ?? label) === 'dev-tools') && list;
    }, () => 'dev-tools to be offered');
    const item = items.find(({ label }) => (label.label ?? label) === 'dev-tools');
    assert.equal(item.insertText?.value ?? item.insertText ?? item.label, 'dev-tools');
  },

  'a field is explained': async () => {
    const document = await packageOf('hover', manifest());
    const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, new vscode.Position(7, 1));
    assert.match(hovers.flatMap(({ contents }) => contents.map((content) => content.value ?? content)).join('\n'), /icon/i);
  },

  'settings count at once': async () => {
    const document = await packageOf('settings', manifest('未知: 1\n'));
    const severity = async () => (await findingOf(document.uri, 'unknown-key')).severity;
    assert.equal(await severity(), vscode.DiagnosticSeverity.Warning);
    const settings = vscode.workspace.getConfiguration('ksext');
    await settings.update('rules', { 'unknown-key': 'error' }, vscode.ConfigurationTarget.Workspace);
    await until(async () => (await severity()) === vscode.DiagnosticSeverity.Error, () => 'the severity of the settings');
    await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await until(async () => (await severity()) === vscode.DiagnosticSeverity.Warning, () => 'the severity of the rule');
  },

  'a manifest of Firebase is nobody of ours': async () => {
    const firebase = 'name: my-extension\nversion: 0.1.0\nspecVersion: v1beta\nresources: []\n中文: 🚀\n';
    const document = await open('firebase/extension.yaml', firebase);
    // What was asked later is answered later.
    const other = await packageOf('after-firebase', manifest('未知: 1\n'));
    await findings(other.uri);
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    assert.deepEqual(await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri), []);
  },

  'texts of a package that are not saved count too': async () => {
    await packageOf('ignored', manifest());
    const ignore = await open('ignored/.helmignore', '');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(ignore.uri, new vscode.Position(0, 0), 'extension.yaml\n');
    await vscode.workspace.applyEdit(edit);
    await findingOf(ignore.uri, 'manifest-ignored');
    await vscode.commands.executeCommand('workbench.action.files.revert');
  },
});
