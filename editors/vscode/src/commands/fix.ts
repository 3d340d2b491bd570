/** Mending what can be mended. */

import * as vscode from 'vscode';

import { tell } from './run';
import type { Tools } from './tools';
import { whichPackage } from './which';

/** Of the code action that makes them. */
const KIND = 'source.fixAll.ksext';

/** Makes all safe fixes in a package, as one change that can be taken back; it is left to be saved. */
export async function fixAll(tools: Tools, target?: unknown): Promise<void> {
  const found = await whichPackage(tools, target);
  if (!found) return;
  const { document } = await vscode.window.showTextDocument(vscode.Uri.parse(found.manifest));
  const everything = new vscode.Range(0, 0, document.lineCount, 0);
  const ask = 'vscode.executeCodeActionProvider';
  const fixes = await vscode.commands.executeCommand<unknown[]>(ask, document.uri, everything, KIND);
  if (fixes.length === 0) {
    const message = vscode.l10n.t('There is nothing in {0} that can be fixed safely.', found.name ?? 'extension.yaml');
    return void tell(message);
  }
  await vscode.commands.executeCommand('editor.action.codeAction', { kind: KIND, apply: 'first' });
}
