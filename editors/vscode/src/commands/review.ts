/** Where versions stand in the review. */

import * as vscode from 'vscode';

import type { Listing, ReviewStatus } from '../server/protocol';
import { openCloud, run, tell } from './run';
import { newest } from './snapshots';
import { isNamed } from './target';
import type { Tools } from './tools';
import { whichPackage } from './which';

/** Asks how far the review is. */
export async function status(tools: Tools, target?: unknown): Promise<ReviewStatus | undefined> {
  const named = isNamed(target) ? { name: target.name } : undefined;
  const found = named ? undefined : await whichPackage(tools, target);
  if (!named && !found) return undefined;
  const argument = named ?? { uri: found?.manifest };
  const title = vscode.l10n.t('Show review status');
  const done = await run<ReviewStatus>(tools, { command: 'ksext.status', argument, title, needsTrust: true });
  if (done) void next(tools, done.said, done.answer);
  return done?.answer;
}

/** Lists what the account has pushed, and shows the status of what is chosen. */
export async function list(tools: Tools): Promise<Listing | undefined> {
  const title = vscode.l10n.t('List my extensions');
  const done = await run<Listing>(tools, { command: 'ksext.list', argument: {}, title, needsTrust: true });
  if (done?.answer.extensions.length === 0) void tell(done.said);
  else if (done) void choose(done);
  return done?.answer;
}

async function choose({ answer, said }: { answer: Listing; said: string }): Promise<void> {
  const items = answer.extensions.map(({ name, status, latestVersion }) => ({
    label: name,
    description: [latestVersion, status].filter(Boolean).join(' · '),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: said, matchOnDescription: true });
  if (chosen) await vscode.commands.executeCommand('kubesphere.status', { name: chosen.label });
}

async function next(tools: Tools, said: string, answer: ReviewStatus): Promise<void> {
  const latest = newest(answer.snapshots);
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
