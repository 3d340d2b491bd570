/** What menus know: the context keys that `when` clauses in `package.json` ask for. */

import * as vscode from 'vscode';

import type { Tools } from './tools';

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
    const uris = (await packages.all()).flatMap(({ root, manifest }) => [root, manifest]);
    const known = uris.map((uri) => vscode.Uri.parse(uri).fsPath);
    set('paths', known);
  };
  set('active', true);
  context.subscriptions.push(
    packages.onDidChange(paths),
    packages.onDidChangeCurrent(() => {
      current();
      void signedIn();
    }),
    account.onDidChangeSessions(signedIn),
  );
}
