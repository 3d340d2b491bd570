/** Packing. */

import * as vscode from 'vscode';

import type { PackageAnswer } from '../server/answers';
import { sentence } from '../server/texts';
import { run, tell } from './run';
import type { Tools } from './tools';
import { saveAll, whichPackage } from './which';

/** Writes the archive that `ksbuilder package` writes, beside the package. */
export async function packageExtension(tools: Tools, target?: unknown): Promise<PackageAnswer | undefined> {
  const found = await whichPackage(tools, target);
  if (!found || !(await saveAll(found))) return undefined;
  const title = vscode.l10n.t('Package extension');
  const argument = { uri: found.manifest };
  const done = await run(tools, { command: 'ksext.package', argument, title, needsTrust: false });
  if (done) void next(done.said, done.answer);
  return done?.answer;
}

async function next(said: string, { path, sha256 }: PackageAnswer): Promise<void> {
  const reveal = vscode.l10n.t('Show in Folder');
  const copy = vscode.l10n.t('Copy SHA-256');
  // A window in a browser has no folders of this machine to show.
  const buttons = vscode.env.uiKind === vscode.UIKind.Desktop ? [reveal, copy] : [copy];
  const chosen = await tell(sentence(said), ...buttons);
  if (chosen === reveal) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
  if (chosen === copy) await vscode.env.clipboard.writeText(sha256);
}
