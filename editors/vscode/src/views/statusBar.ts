/** The package that is worked on, in the status bar: where its review stands, and its size. */

import * as vscode from 'vscode';
import type { PackageStatus } from '../server/protocol';
import type { Surroundings } from '.';
import { statusBarText, TOOLTIP_COMMANDS } from './statusBarText';

export function registerStatusBar({ context, packages }: Surroundings): void {
  const item = vscode.window.createStatusBarItem('kubesphere.package', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('KubeSphere Package');
  item.command = 'kubesphere.status';
  const show = (status: PackageStatus | undefined) => {
    if (!status) return item.hide();
    const { text, label, tooltip, isWarning } = statusBarText(status, vscode.l10n.t);
    const markdown = new vscode.MarkdownString(tooltip, true);
    markdown.isTrusted = { enabledCommands: TOOLTIP_COMMANDS };
    item.text = text;
    item.tooltip = markdown;
    item.accessibilityInformation = { label, role: 'button' };
    item.backgroundColor = isWarning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  context.subscriptions.push(item, packages.onDidChangeCurrent(show));
}
