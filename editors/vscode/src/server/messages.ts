/** What is said of a server that does not run. */

import * as vscode from 'vscode';

import type { Missing } from './find';
import type { Log } from './log';
import { pathSetting } from './pathSetting';
import type { Server } from './server';
import { linked } from './texts';

/** Tells once of each time that it does not come up or is given up. */
export function tellOfFailures(server: Server, log: Log, homepage: string): vscode.Disposable {
  return server.onDidChangeHealth((health) => {
    if (health.state === 'missing') void missing(health.missing, homepage);
    if (health.state === 'failed') void failed(health.error, server, log);
  });
}

async function missing(which: Missing, homepage: string): Promise<void> {
  // The editor asks for trust by itself.
  if (which === 'untrusted') return;
  const settings = vscode.l10n.t('Open Settings');
  const how = vscode.l10n.t('How to Install');
  const message =
    which === 'setting'
      ? vscode.l10n.t('The setting ksext.path names no program.')
      : vscode.l10n.t('The program ksext was not found. Install it, or set ksext.path to where it is.');
  const chosen = await vscode.window.showWarningMessage(message, settings, how);
  if (chosen === settings) {
    const open = pathSetting(vscode.env.remoteName);
    await vscode.commands.executeCommand(open.command, ...open.arguments);
  }
  if (chosen === how) await vscode.env.openExternal(vscode.Uri.parse(homepage));
}

async function failed(error: string, server: Server, log: Log): Promise<void> {
  const show = vscode.l10n.t('Show Log');
  const restart = vscode.l10n.t('Restart');
  const message = vscode.l10n.t('The KubeSphere language server does not run: {0}', error);
  const chosen = await vscode.window.showErrorMessage(linked(message), show, restart);
  if (chosen === show) log.show(true);
  if (chosen === restart) await server.restart();
}
