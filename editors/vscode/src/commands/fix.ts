/** Mending what can be mended. */

import * as vscode from 'vscode';

import type { Tools } from './tools';
import { whichPackage } from './which';

/** Makes all safe fixes in a package, as one change that can be taken back; it is left to be saved. */
export async function fixAll(tools: Tools, target?: unknown): Promise<void> {
  const found = await whichPackage(tools, target);
  if (!found) return;
  await vscode.window.showTextDocument(vscode.Uri.parse(found.manifest));
  await vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.ksext', apply: 'first' });
}
