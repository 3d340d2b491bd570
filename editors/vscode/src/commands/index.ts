/** THE list of the extension's commands. */

import * as vscode from 'vscode';

import { signIn, signOut } from './account';
import { fixAll } from './fix';
import { copyDiagnosticInformation } from './maintain';
import { newExtension } from './new';
import { packageExtension } from './package';
import { push, pushDraft, submit, withdraw } from './push';
import { status } from './review';
import { startSandbox } from './sandbox';
import { VIEW_COMMANDS } from './show';
import type { Tools } from './tools';

export type { Tools } from './tools';

/** The editor passes what the menu or the lens is about. */
type Command = (tools: Tools, target?: unknown) => unknown;

/** Every command by its id; `package.json` says where each is offered. */
export const COMMANDS: Record<string, Command> = {
  'kubesphere.signIn': signIn,
  'kubesphere.signOut': signOut,
  'kubesphere.push': push,
  'kubesphere.pushDraft': pushDraft,
  'kubesphere.submit': submit,
  'kubesphere.withdraw': withdraw,
  'kubesphere.status': status,
  'kubesphere.fixAll': fixAll,
  'kubesphere.package': packageExtension,
  'kubesphere.newExtension': newExtension,
  'kubesphere.startSandbox': startSandbox,
  'kubesphere.restart': ({ server }) => server.restart(),
  'kubesphere.showLog': ({ log }) => log.show(true),
  'kubesphere.copyDiagnosticInformation': copyDiagnosticInformation,
  ...VIEW_COMMANDS,
};

/** The server's commands that have one of ours around them, for lenses and for whoever knows the server's names. */
const WRAPPED: Record<string, string> = {
  'ksext.login': 'kubesphere.signIn',
  'ksext.logout': 'kubesphere.signOut',
  'ksext.push': 'kubesphere.push',
  'ksext.submit': 'kubesphere.submit',
  'ksext.unpush': 'kubesphere.withdraw',
  'ksext.status': 'kubesphere.status',
  'ksext.list': 'kubesphere.list',
  'ksext.size': 'kubesphere.size',
  'ksext.preview': 'kubesphere.preview',
  'ksext.diff': 'kubesphere.diff',
  'ksext.marketplace': 'kubesphere.marketplace',
  'ksext.package': 'kubesphere.package',
  'ksext.new': 'kubesphere.newExtension',
};

export function registerCommands(tools: Tools): void {
  for (const [id, command] of Object.entries(COMMANDS)) {
    tools.context.subscriptions.push(
      vscode.commands.registerCommand(id, (...args: unknown[]) => command(tools, ...args)),
    );
  }
}

/** Runs one of the server's commands as this extension does it; `next` sends it as it is. */
export function execute(
  command: string,
  args: unknown[],
  next: (command: string, args: unknown[]) => unknown,
): unknown {
  const own = WRAPPED[command];
  return own === undefined ? next(command, args) : vscode.commands.executeCommand(own, ...args);
}
