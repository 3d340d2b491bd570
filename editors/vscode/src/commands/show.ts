/** The commands that show something. */

import * as vscode from 'vscode';
import type { PackageStatus } from '../server/protocol';
import { isRow } from '../views/list';
import { VIEW } from '../views/tree';
import { run } from './run';
import type { Tools } from './tools';
import { whichPackage } from './which';

/** Shows something of the package that a menu, a link or the active editor is about. */
const about =
  (show: (tools: Tools, status: PackageStatus) => unknown) =>
  async (tools: Tools, what?: unknown): Promise<void> => {
    const status = await whichPackage(tools, what);
    if (status) await show(tools, status);
  };

export const VIEW_COMMANDS = {
  'kubesphere.size': about(({ views }, status) => views.sizes.show(status)),
  'kubesphere.marketplace': about(({ views }, status) => views.marketplace.show(status)),
  'kubesphere.preview': about(({ views }, status) => views.diffs.preview(status)),
  'kubesphere.diff': about(compare),
  'kubesphere.list': async ({ views }: Tools) => {
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    views.extensions.refresh();
  },
  'kubesphere.refresh': ({ views }: Tools) => views.extensions.refresh(),
  'kubesphere.copyId': (_: Tools, row?: unknown) => isRow(row) && vscode.env.clipboard.writeText(row.id),
  'kubesphere.openPackage': openPackage,
};

/** Compares with the version that everybody can get, which is downloaded. */
async function compare(tools: Tools, { manifest }: PackageStatus): Promise<void> {
  const title = vscode.l10n.t('Compare with the published version');
  const done = await run(tools, {
    command: 'ksext.diff',
    argument: { uri: manifest },
    title,
    needsTrust: true,
  });
  if (done) await tools.views.diffs.compare(done.answer);
}

/** Opens the manifest of an extension in the list, if its package is in the workspace. */
async function openPackage(tools: Tools, row?: unknown): Promise<void> {
  if (!isRow(row)) return;
  const found = (await tools.packages.all()).find(({ name }) => name === row.name);
  if (found) await vscode.window.showTextDocument(vscode.Uri.parse(found.manifest));
  else void vscode.window.showInformationMessage(vscode.l10n.t('No open folder has the package {0}.', row.name));
}
