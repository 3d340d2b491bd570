/** What menus know: the context keys that `when` clauses in `package.json` ask for. */

import * as vscode from 'vscode';

import type { Tools } from './tools';
import { packagesOfWorkspace } from './which';

/** Keeps the keys as things are. */
export function keepContext(tools: Tools): void {
  const { context, packages, account, server } = tools;
  const set = (key: string, value: unknown) =>
    void vscode.commands.executeCommand('setContext', `kubesphere.${key}`, value);
  const current = () => set('inPackage', packages.current !== undefined);
  const signedIn = async () => {
    set('signedIn', packages.current?.loggedIn ?? (await account.current()) !== undefined);
  };
  const paths = async () => {
    if (!server.client) return;
    const found = await packagesOfWorkspace(tools);
    const uris = found.flatMap(({ root, manifest }) => [root, manifest]);
    const known = uris.map((uri) => vscode.Uri.parse(uri).fsPath);
    set('paths', known);
  };
  set('active', true);
  const manifests = vscode.workspace.createFileSystemWatcher('**/extension.yaml', false, true, false);
  context.subscriptions.push(
    manifests,
    manifests.onDidCreate(paths),
    manifests.onDidDelete(paths),
    vscode.workspace.onDidChangeWorkspaceFolders(paths),
    server.onDidChangeHealth(paths),
    packages.onDidChangeCurrent(() => {
      current();
      void signedIn();
    }),
    account.onDidChangeSessions(signedIn),
  );
}
