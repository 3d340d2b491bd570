/** Looking after the server. */

import { execFile } from 'node:child_process';
import * as vscode from 'vscode';

import { redact } from '../server/redact';
import type { Tools } from './tools';

/** How long the program may take to look around, in milliseconds. */
const PATIENCE = 40_000;

/** Copies what a report of a fault needs: versions, settings, and what the program finds; never the key. */
export async function copyDiagnosticInformation(tools: Tools): Promise<string> {
  const title = vscode.l10n.t('Looking around');
  const location = vscode.ProgressLocation.Notification;
  const text = await vscode.window.withProgress({ location, title }, () => information(tools));
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(vscode.l10n.t('Diagnostic information is in the clipboard.'));
  return text;
}

async function information({ context, server }: Tools): Promise<string> {
  const { health } = server;
  const facts = {
    extension: String(context.extension.packageJSON.version),
    editor: `${vscode.env.appName} ${vscode.version} (${vscode.env.appHost}${remote()})`,
    language: vscode.env.language,
    platform: `${process.platform} ${process.arch}`,
    trusted: vscode.workspace.isTrusted,
    folders: vscode.workspace.workspaceFolders?.length ?? 0,
    server: health,
    settings: vscode.workspace.getConfiguration('ksext'),
    others: vscode.extensions.all
      .filter(({ id }) => /yaml|helm|kubernetes/i.test(id))
      .map(({ id, packageJSON }) => `${id} ${packageJSON.version}`),
    doctor: health.state === 'running' ? await doctor(health.program) : undefined,
  };
  return redact(`\`\`\`json\n${JSON.stringify(facts, undefined, 2)}\n\`\`\`\n`, []);
}

function remote(): string {
  return vscode.env.remoteName ? `, ${vscode.env.remoteName}` : '';
}

/** What `ksext doctor` says; its exit status only repeats it. */
function doctor(program: string): Promise<unknown> {
  return new Promise((resolve) => {
    const args = ['doctor', '--format', 'json', '--lang', 'en'];
    execFile(program, args, { timeout: PATIENCE }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout));
      } catch {
        resolve(`no answer: ${error?.message ?? stdout}`);
      }
    });
  });
}
