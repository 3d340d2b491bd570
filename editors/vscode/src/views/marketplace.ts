/** The Marketplace's page of a package, before it is there, in a panel. */

import * as vscode from 'vscode';

import { ask } from './ask';
import { marketplacePage } from './marketplacePage';
import type { Kind } from './panel';

export const MARKETPLACE: Kind = {
  name: 'marketplace',
  icon: 'marketplace',
  title: ({ name }) => vscode.l10n.t('{0} on the Marketplace', name ?? vscode.l10n.t('the package')),
  async draw(status, page) {
    const answer = await ask(page.server, 'ksext.marketplace', { uri: status.manifest });
    return marketplacePage(answer, {
      t: vscode.l10n.t,
      base: page.address(page.root),
      loadsRemote: page.loadsRemote,
      address: (uri) => `${page.address(vscode.Uri.parse(uri))}?${page.pictures}`,
      render,
    });
  },
  async heard({ type, path, field }, status, page) {
    if (type === 'load') {
      page.loadsRemote = true;
      page.load();
    } else if (type === 'open' && path) {
      const file = page.fileAt(path);
      if (file) await vscode.commands.executeCommand('vscode.open', file, { viewColumn: page.columnBeside });
    } else if (type === 'field' && field) {
      await showField(vscode.Uri.parse(status.manifest), field, page.columnBeside);
    }
  },
};

/** Markdown as the editor's own preview has it; as text if that is switched off. */
async function render(markdown: string): Promise<string> {
  try {
    return await vscode.commands.executeCommand<string>('markdown.api.render', markdown);
  } catch {
    const text = markdown.replace(/&/g, '&amp;').replace(/</g, '&lt;');
    return `<pre>${text}</pre>`;
  }
}

/** Shows a field of the manifest, or where it would stand. */
async function showField(manifest: vscode.Uri, field: string, viewColumn: vscode.ViewColumn): Promise<void> {
  const editor = await vscode.window.showTextDocument(manifest, { viewColumn });
  const [top = ''] = field.split(/[.[]/);
  const at = new RegExp(`^["']?${top.replace(/[^\w-]/g, '')}["']?\\s*:`, 'm').exec(editor.document.getText());
  const position = at ? editor.document.positionAt(at.index) : new vscode.Position(editor.document.lineCount, 0);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
