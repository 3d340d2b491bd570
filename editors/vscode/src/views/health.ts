/** How the server is and which cloud it talks to, behind the braces of the status bar. */

import * as vscode from 'vscode';

import type { Surroundings } from '.';
import { cloudText, type StatusText, serverText } from './healthText';

const SEVERITIES = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

const MANIFESTS: vscode.DocumentSelector = { pattern: '**/extension.yaml' };

export function registerHealth({ context, server, packages }: Surroundings): void {
  const health = item(context, 'kubesphere.server', vscode.l10n.t('KubeSphere Language Server'));
  const showHealth = () => fill(health, serverText(server.health, vscode.l10n.t, vscode.env.remoteName));
  showHealth();
  let cloud: vscode.LanguageStatusItem | undefined;
  const showCloud = () => {
    const text = cloudText(packages.current, vscode.l10n.t);
    if (!text) return;
    cloud ??= item(context, 'kubesphere.cloud', vscode.l10n.t('KubeSphere Cloud'));
    fill(cloud, text);
  };
  context.subscriptions.push(server.onDidChangeHealth(showHealth), packages.onDidChangeCurrent(showCloud));
}

function item(context: vscode.ExtensionContext, id: string, name: string): vscode.LanguageStatusItem {
  const made = vscode.languages.createLanguageStatusItem(id, MANIFESTS);
  made.name = name;
  context.subscriptions.push(made);
  return made;
}

function fill(item: vscode.LanguageStatusItem, { text, detail, severity, isBusy, command }: StatusText): void {
  item.text = text;
  item.detail = detail ?? '';
  item.severity = SEVERITIES[severity];
  item.busy = isBusy === true;
  item.command = command;
}
