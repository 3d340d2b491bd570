/** Where versions stand in the review. */

import * as vscode from 'vscode';

import type { StatusAnswer } from '../server/answers';
import { newestFirst } from '../views/list';
import { openCloud, run, tell } from './run';
import { isNamed } from './target';
import type { Tools } from './tools';
import { whichPackage } from './which';

/** Asks how far the review is. */
export async function status(tools: Tools, target?: unknown): Promise<StatusAnswer | undefined> {
  const named = isNamed(target) ? { name: target.name } : undefined;
  const found = named ? undefined : await whichPackage(tools, target);
  if (!named && !found) return undefined;
  const argument = named ?? { uri: found?.manifest };
  const title = vscode.l10n.t('Show review status');
  const done = await run(tools, { command: 'ksext.status', argument, title, needsTrust: true });
  if (done) void next(tools, done.said, done.answer);
  return done?.answer;
}

async function next(tools: Tools, said: string, answer: StatusAnswer): Promise<void> {
  const [latest] = newestFirst(answer.snapshots);
  const withdraw = vscode.l10n.t('Withdraw');
  const submit = vscode.l10n.t('Submit for Review');
  const cloud = vscode.l10n.t('Open KubeSphere Cloud');
  const first = latest?.status === 'submitted' ? [withdraw] : latest?.status === 'draft' ? [submit] : [];
  const words = latest?.reason ? vscode.l10n.t('{0}. The reviewers say: {1}', said, latest.reason) : said;
  const chosen = await tell(words, ...first, cloud);
  const version = latest && { snapshotId: latest.id, label: `${answer.name} ${latest.version}` };
  if (chosen === withdraw) await vscode.commands.executeCommand('kubesphere.withdraw', version);
  if (chosen === submit) await vscode.commands.executeCommand('kubesphere.submit', version);
  if (chosen === cloud) await openCloud(tools);
}
