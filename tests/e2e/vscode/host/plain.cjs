/** In a folder of other people's YAML. */

const assert = require('node:assert/strict');

const vscode = require('vscode');

const { ID, open, suite } = require('./suite.cjs');

const isActive = () => vscode.extensions.getExtension(ID).isActive;

exports.run = suite({
  'the extension sleeps where no extension.yaml is': async () => {
    assert.equal(isActive(), false);
  },

  'a YAML file does not wake it': async () => {
    const document = await open('deployment.yaml', 'kind: Deployment\n');
    assert.equal(document.languageId, 'yaml');
    // Whoever is woken by the language is awake once the editor has asked all who know it.
    await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
    assert.equal(isActive(), false);
  },

  'asking for one of its commands wakes it': async () => {
    await vscode.commands.executeCommand('kubesphere.showLog');
    assert.equal(isActive(), true);
  },

  'a test that fails is told': () => assert.fail('on purpose'),
});
