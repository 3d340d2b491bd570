/** What tests in the extension host have in common. The results go to a file that the test that started them waits for. */

const { existsSync, renameSync, writeFileSync } = require('node:fs');

const vscode = require('vscode');

/** Our extension's id. */
const ID = 'ksext.ksext';

/** How long something may take, in milliseconds: many times what it takes. */
const PATIENCE = 30_000;

/**
 * Asks again until the answer is true (or anything like it), and answers that.
 * @template T
 * @param {() => T | Promise<T>} ask
 * @param {() => string} what is waited for
 * @returns {Promise<T>}
 */
async function until(ask, what) {
  for (const latest = Date.now() + PATIENCE; ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > latest) throw new Error(`not within ${PATIENCE / 1000} s: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Writes a file of the workspace. @param {string} path @param {string} text */
async function write(path, text) {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, path);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}

/** Opens a file of the workspace, as it is or with this text. @param {string} path @param {string} [text] */
async function open(path, text) {
  const uri = text === undefined ? vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, path) : await write(path, text);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Our findings in a file, once there are any. @param {vscode.Uri} uri */
async function findings(uri) {
  const ours = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'ksext');
  await until(() => ours().length > 0, () => `findings in ${uri.path}`);
  return ours();
}

/** Our finding of a rule in a file, once it is there. @param {vscode.Uri} uri @param {string} rule */
function findingOf(uri, rule) {
  const all = () => vscode.languages.getDiagnostics(uri);
  return until(() => all().find((one) => ruleOf(one) === rule), () => `${rule} in ${uri.path}; there is ${all().map(ruleOf)}`);
}

/** @param {vscode.Diagnostic} finding */
const ruleOf = ({ code }) => String(code instanceof Object ? code.value : code);

/**
 * What the editor runs: all cases, one after the other.
 * @param {Record<string, () => unknown>} cases
 */
function suite(cases) {
  return async () => {
    const results = [];
    for (const [name, run] of Object.entries(cases)) {
      try {
        await run();
        results.push({ name });
      } catch (error) {
        results.push({ name, error: String(error?.stack ?? error) });
      }
    }
    const path = process.env.KSEXT_E2E_RESULT;
    writeFileSync(`${path}.part`, JSON.stringify(results));
    renameSync(`${path}.part`, path);
    await until(() => existsSync(`${path}.seen`), () => 'the results to be read');
  };
}

module.exports = { findingOf, findings, ID, open, ruleOf, suite, until, write };
