/** In an editor that speaks Chinese. */

const assert = require('node:assert/strict');

const vscode = require('vscode');

const { findings, ID, open, suite } = require('./suite.cjs');

const HAN = /\p{Script=Han}/u;

exports.run = suite({
  'the editor speaks Chinese': () => {
    assert.equal(vscode.env.language, 'zh-cn');
  },

  'so does every command, every view and every setting': () => {
    const { commands, configuration, views = {}, walkthroughs = [] } = vscode.extensions.getExtension(ID).packageJSON.contributes;
    const shown = (text) => text.value ?? text;
    const texts = [
      ...commands.map(({ title }) => shown(title)),
      ...Object.values(views).flat().map(({ name }) => name),
      ...walkthroughs.flatMap(({ steps, title }) => [title, ...steps.map(({ title }) => title)]),
      ...Object.values(configuration.properties ?? {}).map(({ description, markdownDescription }) => markdownDescription ?? description),
    ];
    assert.deepEqual(texts.filter((text) => !HAN.test(text)), []);
    assert.ok(texts.length > 10);
  },

  'so does the server': async () => {
    const document = await open('extension.yaml', 'apiVersion: kubesphere.io/v1alpha1\nname: demo\n');
    const found = await findings(document.uri);
    assert.deepEqual(found.map(({ message }) => message).filter((message) => !HAN.test(message)), []);
  },
});
