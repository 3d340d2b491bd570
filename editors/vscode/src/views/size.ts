/** The size of a package as a treemap, in a panel. */

import * as vscode from 'vscode';

import { ask } from './ask';
import type { Kind } from './panel';

/** What the editor can only show as "binary". */
const ARCHIVES = /\.(tgz|tar|gz|zip|xz|bz2|7z|jar|exe|so|wasm)$/i;

/** The files that push writes itself. */
const WRITTEN = ['Chart.yaml', 'extension.yaml'];

export const SIZE: Kind = {
  name: 'size',
  icon: 'size',
  title: ({ name }) => vscode.l10n.t('Size of {0}', name ?? vscode.l10n.t('the package')),
  async draw(status, { server }) {
    const { drawing } = await ask(server, 'ksext.size', { uri: status.manifest, drawing: true });
    // Files are links: `report.js` tells which one to open.
    return { ...drawing, opens: true };
  },
  async heard({ type, path }, _, page) {
    const file = type === 'open' && path ? page.fileAt(path) : undefined;
    if (!file || !path) return;
    try {
      await vscode.workspace.fs.stat(file);
    } catch {
      if (WRITTEN.includes(path)) await vscode.commands.executeCommand('kubesphere.preview', page.root);
      return;
    }
    const reveal = ARCHIVES.test(path) ? 'revealInExplorer' : 'vscode.open';
    await vscode.commands.executeCommand(reveal, file, { viewColumn: page.columnBeside });
  },
};
