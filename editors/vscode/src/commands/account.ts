/** Signing in and out. */

import * as vscode from 'vscode';

import { isRunning, isTrusted, tell } from './run';
import type { Tools } from './tools';

/** Signs in; who is signed in already is told so first. */
export async function signIn(tools: Tools): Promise<{ server: string; account: string } | undefined> {
  if (!(await isTrusted()) || !(await isRunning(tools))) return undefined;
  const { account } = tools;
  const another = vscode.l10n.t('Use Another Key');
  const known = await account.adopt();
  if (known) {
    const { user, server, source } = known;
    const words = {
      environment: vscode.l10n.t('You are signed in to {0} as {1}, with the key of KSEXT_TOKEN.', server, name(user)),
      file: vscode.l10n.t('You are signed in to {0} as {1}, with the key that ksbuilder uses too.', server, name(user)),
      memory: vscode.l10n.t('You are signed in to {0} as {1}.', server, name(user)),
    };
    if ((await tell(words[source], another)) !== another) return { server, account: name(user) };
  }
  const kept = await account.signIn();
  if (!kept) return undefined;
  void tell(vscode.l10n.t('You are signed in to {0} as {1}.', kept.server, kept.account.label));
  return { server: kept.server, account: kept.account.label };
}

/** Signs out; a key that ksbuilder uses too is only forgotten by who says so. */
export async function signOut(tools: Tools): Promise<void> {
  if (!(await isRunning(tools))) return;
  const { account } = tools;
  const kept = await account.current();
  const isShared = kept?.key === undefined;
  if (isShared) {
    if ((await account.adopt())?.source === 'environment') {
      return void tell(vscode.l10n.t('The key comes from the variable KSEXT_TOKEN, which only you can unset.'));
    }
    const question = vscode.l10n.t('Sign out of KubeSphere Cloud?');
    const detail = vscode.l10n.t(
      'The key is forgotten for ksbuilder too. It stays valid until you delete it in the settings of your account.',
    );
    const accept = vscode.l10n.t('Sign Out');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, accept)) !== accept) return;
  }
  await account.signOut(isShared);
  void tell(vscode.l10n.t('You are signed out of KubeSphere Cloud.'));
}

function name({ id, name: called }: { id: string; name?: string }): string {
  return called ? `${called} (${id})` : id;
}
