/** THE list of the extension's commands. */

import * as vscode from 'vscode';

import type { Packages } from '../packages';
import type { Server } from '../server/server';

/** What commands work with. */
export interface Tools {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  server: Server;
  packages: Packages;
}

// biome-ignore lint/suspicious/noExplicitAny: the editor passes what the menu is about
type Command = (tools: Tools, ...args: any[]) => unknown;

/** Every command by its id; `package.json` says where each is offered. */
export const COMMANDS: Record<string, Command> = {
  'kubesphere.restart': ({ server }) => server.restart(),
  'kubesphere.showLog': ({ log }) => log.show(true),
};

export function registerCommands(tools: Tools): void {
  for (const [id, command] of Object.entries(COMMANDS)) {
    tools.context.subscriptions.push(
      vscode.commands.registerCommand(id, (...args: unknown[]) => command(tools, ...args)),
    );
  }
}
