/** Which package a command is about. */

import * as vscode from 'vscode';

import type { PackageStatus } from '../server/protocol';
import { linked } from '../server/texts';
import { titleOf } from '../words';
import { isRunning } from './run';
import { isTargeted } from './target';
import type { Tools } from './tools';

/**
 * The package of what was clicked on (`target`: a file, a folder, or the argument of a lens), else of the active tab, else
 * the only one of the workspace, else the one that the user chooses; `undefined` if there is none, which is said.
 */
export async function whichPackage(tools: Tools, target: unknown): Promise<PackageStatus | undefined> {
  if (!(await isRunning(tools))) return undefined;
  const uri = uriOf(target);
  if (uri)
    return (await tools.packages.of(uri)) ?? nothing(vscode.l10n.t('{0} is no KubeSphere extension.', uri.fsPath));
  return (await tools.packages.settled()) ?? choose(await statuses(tools));
}

/** All that is known of the packages of the workspace. */
async function statuses({ packages }: Tools): Promise<PackageStatus[]> {
  const found = await packages.all();
  const known = await Promise.all(found.map(({ manifest }) => packages.of(vscode.Uri.parse(manifest))));
  return known.filter((status) => status !== undefined);
}

async function choose(found: PackageStatus[]): Promise<PackageStatus | undefined> {
  if (found.length === 0) return nothing(vscode.l10n.t('There is no KubeSphere extension in this workspace.'));
  if (found.length === 1) return found[0];
  const items = found.map((status) => ({
    label: titleOf(status) || status.root,
    description: placeOf(vscode.Uri.parse(status.root)),
    detail: [status.review?.text, status.size?.text].filter(Boolean).join(' · '),
    status,
  }));
  items.sort((one, other) => one.label.localeCompare(other.label));
  const placeHolder = vscode.l10n.t('Which extension?');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.status;
}

/** Where a package is, as the explorer shows it. */
function placeOf(root: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(root);
  return folder?.uri.toString() === root.toString() ? folder.name : vscode.workspace.asRelativePath(root);
}

async function nothing(message: string): Promise<undefined> {
  const make = vscode.l10n.t('New Extension…');
  if ((await vscode.window.showInformationMessage(linked(message), make)) === make) {
    await vscode.commands.executeCommand('kubesphere.newExtension');
  }
  return undefined;
}

function uriOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  return isTargeted(target) ? vscode.Uri.parse(target.uri) : undefined;
}

/** Saves what is not saved in a package, with the user's consent: what is sent is what the disk holds. */
export async function saveAll({ root }: PackageStatus): Promise<boolean> {
  const folder = `${vscode.Uri.parse(root).path.replace(/\/$/, '')}/`;
  const dirty = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && uri.path.startsWith(folder),
  );
  if (dirty.length === 0) return true;
  const save = vscode.l10n.t('Save and Continue');
  const names = dirty.map(({ uri }) => vscode.workspace.asRelativePath(uri)).join('\n');
  const question = vscode.l10n.t('Save the changes first?');
  const detail = vscode.l10n.t('What is sent is what the disk holds. Not saved yet:\n{0}', names);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, save)) !== save) return false;
  const saved = await Promise.all(dirty.map((document) => document.save()));
  return saved.every(Boolean);
}
