/** Where everything is put together; whatever another editor could use stands in the language server. */

import * as vscode from 'vscode';

import { registerCommands } from './commands';
import { Packages } from './packages';
import { Server } from './server/server';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('KubeSphere', { log: true });
  const server = new Server(context, log);
  const packages = new Packages(server);
  context.subscriptions.push(log, server, packages);
  registerCommands({ context, log, server, packages });
  // Not waited for: an editor does not wait for us, and a failure is told by the server's state.
  void server.start();
}
