/** Where everything is put together; whatever another editor could use stands in the language server. */

import * as vscode from 'vscode';

import { Account } from './account/account';
import { execute, registerCommands } from './commands';
import { keepContext } from './commands/context';
import { Packages } from './packages';
import { Log } from './server/log';
import { tellOfFailures } from './server/messages';
import { Server } from './server/server';
import { Views } from './views';

let running: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = new Log(vscode.window.createOutputChannel('KubeSphere', { log: true }));
  const account = new Account(context.secrets, log);
  const server = new Server(context, log, {
    prepare: (client) => account.handOver(client),
    execute,
    isVerifying: () => account.isVerifying,
  });
  account.use(() => server.ready());
  const packages = new Packages(server);
  const surroundings = { context, log, server, packages, account };
  const tools = { ...surroundings, views: new Views(surroundings) };
  const { homepage } = context.extension.packageJSON;
  context.subscriptions.push(log, account, server, packages, tellOfFailures(server, log, homepage));
  registerCommands(tools);
  keepContext(tools);
  running = server;
  // Not waited for: an editor does not wait for us, and a failure is told by the server's state.
  void server.start();
}

/** The editor waits for this, so that no server outlives it. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}
