/** A local KubeSphere Cloud to try things on. */

import { createServer } from 'node:net';
import * as vscode from 'vscode';
import { isRunning } from './run';
import type { Tools } from './tools';
import { sandboxUp } from './waiting';

/** How long it may take to come up, in milliseconds. */
const PATIENCE = 15_000;

/** Starts it in a terminal and offers to use it in place of the real cloud for as long as it runs. */
export async function startSandbox(tools: Tools): Promise<string | undefined> {
  if (!(await isRunning(tools))) return undefined;
  const { health } = tools.server;
  if (health.state !== 'running') return undefined;
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const terminal = vscode.window.createTerminal({
    name: vscode.l10n.t('KubeSphere sandbox'),
    iconPath: new vscode.ThemeIcon('beaker'),
    shellPath: health.program,
    shellArgs: ['sandbox', '--port', String(port)],
    isTransient: true,
  });
  terminal.show(true);
  tools.context.subscriptions.push(terminal);
  if (!(await sandboxUp(address, PATIENCE))) {
    void vscode.window.showErrorMessage(vscode.l10n.t('The sandbox did not start; its terminal says why.'));
    return undefined;
  }
  void offer(tools, address, terminal);
  return address;
}

async function offer(tools: Tools, address: string, terminal: vscode.Terminal): Promise<void> {
  const use = vscode.l10n.t('Use It');
  const review = vscode.l10n.t("Open the Reviewer's Page");
  const message = vscode.l10n.t(
    'A sandbox is running at {0}. It takes any key of the usual shape, and you are the reviewer. Use it in place of KubeSphere Cloud?',
    address,
  );
  const chosen = await vscode.window.showInformationMessage(message, use, review);
  if (chosen === review) await vscode.env.openExternal(vscode.Uri.parse(`${address}/review`));
  if (chosen === use) await useIt(tools, address, terminal);
}

/** Sets the server, and sets it back when the sandbox has ended. */
async function useIt({ context }: Tools, address: string, terminal: vscode.Terminal): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  const settings = () => vscode.workspace.getConfiguration('ksext');
  const before = settings().inspect<string>('server')?.globalValue;
  await settings().update('server', address, target);
  const closed = vscode.window.onDidCloseTerminal(async (ended) => {
    if (ended !== terminal) return;
    closed.dispose();
    if (settings().inspect<string>('server')?.globalValue !== address) return;
    await settings().update('server', before, target);
    void vscode.window.showInformationMessage(vscode.l10n.t('The sandbox has ended; KubeSphere Cloud is used again.'));
  });
  context.subscriptions.push(closed);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address instanceof Object ? address.port : 0));
    });
  });
}
