/** A new extension. */

import * as vscode from 'vscode';

import type { NewAnswer } from '../server/answers';
import { linked } from '../server/texts';
import { isName } from './names';
import { run } from './run';
import type { Tools } from './tools';

/** Asks for name and folder, makes the package and opens it. `given` is the folder that was clicked on. */
export async function newExtension(tools: Tools, given?: unknown): Promise<NewAnswer | undefined> {
  const title = vscode.l10n.t('New extension');
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('The name of the extension, which is also that of its folder'),
    placeHolder: 'hello-world',
    ignoreFocusOut: true,
    validateInput: (value) =>
      isName(value.trim())
        ? undefined
        : vscode.l10n.t('Lowercase letters, digits and hyphens, beginning and ending with a letter or a digit'),
  });
  if (name === undefined) return undefined;
  const folder = given instanceof vscode.Uri ? given : await whichFolder(title);
  if (!folder) return undefined;
  const argument = { name: name.trim(), directory: folder.toString() };
  const done = await run(tools, { command: 'ksext.new', argument, title, needsTrust: false });
  if (done) await open(vscode.Uri.file(done.answer.path));
  return done?.answer;
}

async function whichFolder(title: string): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) return anyFolder();
  const items = folders.map(({ name, uri }) => ({ label: `$(folder) ${name}`, description: uri.fsPath, uri }));
  const other = { label: vscode.l10n.t('$(folder-opened) Another folder…') };
  const placeHolder = vscode.l10n.t('The folder to make it in');
  const chosen = await vscode.window.showQuickPick([...items, other], { title, placeHolder, ignoreFocusOut: true });
  if (!chosen) return undefined;
  return 'uri' in chosen ? (chosen.uri as vscode.Uri) : anyFolder();
}

async function anyFolder(): Promise<vscode.Uri | undefined> {
  const openLabel = vscode.l10n.t('Make It Here');
  const chosen = await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel });
  return chosen?.[0];
}

/** Opens its manifest; a folder outside the workspace is offered to be opened too. */
async function open(folder: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, 'extension.yaml'));
  if (vscode.workspace.getWorkspaceFolder(folder)) return;
  const here = vscode.l10n.t('Open Folder');
  const message = vscode.l10n.t('{0} is not part of the workspace.', folder.fsPath);
  if ((await vscode.window.showInformationMessage(linked(message), here)) === here) {
    await vscode.commands.executeCommand('vscode.openFolder', folder);
  }
}
