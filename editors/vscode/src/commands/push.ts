/** The way to the reviewers and back. */

import * as vscode from 'vscode';

import type { PushAnswer, SubmitAnswer } from '../server/answers';
import { sentence } from '../server/texts';
import { titleOf } from '../words';
import { openCloud, run, tell } from './run';
import { extras, isSnapshot } from './target';
import type { Tools } from './tools';
import { saveAll, whichPackage } from './which';

/** Pushes and submits. */
export function push(tools: Tools, target?: unknown): Promise<PushAnswer | undefined> {
  return pushing(tools, target, vscode.l10n.t('Push to KubeSphere Cloud'), extras(target));
}

/** Pushes and leaves it as a draft. */
export function pushDraft(tools: Tools, target?: unknown): Promise<PushAnswer | undefined> {
  return pushing(tools, target, vscode.l10n.t('Push a draft to KubeSphere Cloud'), { submit: false });
}

/** Hands a draft in. */
export function submit(tools: Tools, target?: unknown): Promise<SubmitAnswer | undefined> {
  return moving(tools, target, 'ksext.submit', vscode.l10n.t('Submit for review'));
}

/** Takes a version back from the review, once it is clear that this is meant. */
export async function withdraw(tools: Tools, target?: unknown): Promise<SubmitAnswer | undefined> {
  return moving(tools, target, 'ksext.unpush', vscode.l10n.t('Withdraw from review'), async (what) => {
    const question = vscode.l10n.t('Withdraw {0} from the review?', what);
    const detail = vscode.l10n.t('It becomes a draft again and can be submitted later.');
    const accept = vscode.l10n.t('Withdraw');
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, accept)) === accept;
  });
}

async function pushing(tools: Tools, target: unknown, title: string, options: object): Promise<PushAnswer | undefined> {
  const found = await whichPackage(tools, target);
  if (!found || !(await saveAll(found))) return undefined;
  const argument = { uri: found.manifest, ...options };
  const done = await run(tools, { command: 'ksext.push', argument, title, needsTrust: true });
  if (done) void next(tools, done.said, found.manifest, done.answer.status);
  return done?.answer;
}

async function moving(
  tools: Tools,
  target: unknown,
  command: 'ksext.submit' | 'ksext.unpush',
  title: string,
  isMeant: (what: string) => Promise<boolean> = async () => true,
): Promise<SubmitAnswer | undefined> {
  const found = isSnapshot(target) ? undefined : await whichPackage(tools, target);
  if (!isSnapshot(target) && !found) return undefined;
  const argument = isSnapshot(target) ? { snapshotId: target.snapshotId } : { uri: found?.manifest };
  const what = isSnapshot(target) ? nameOf(target) : titleOf(found ?? {});
  if (!(await isMeant(what))) return undefined;
  const done = await run(tools, { command, argument, title, needsTrust: true });
  if (done) void next(tools, done.said, found?.manifest, done.answer.status);
  return done?.answer;
}

/** What a row of a view calls the version, or its id. */
function nameOf(target: { snapshotId: string; label?: unknown }): string {
  return typeof target.label === 'string' ? target.label : target.snapshotId;
}

/** Says what was done and what can follow. */
async function next(tools: Tools, said: string, manifest: string | undefined, state: string): Promise<void> {
  const status = vscode.l10n.t('Show Status');
  const hand = vscode.l10n.t('Submit for Review');
  const cloud = vscode.l10n.t('Open KubeSphere Cloud');
  const first = manifest === undefined ? [] : state === 'draft' ? [hand] : [status];
  const chosen = await tell(sentence(said), ...first, cloud);
  if (chosen === status) await vscode.commands.executeCommand('kubesphere.status', { uri: manifest });
  if (chosen === hand) await vscode.commands.executeCommand('kubesphere.submit', { uri: manifest });
  if (chosen === cloud) await openCloud(tools);
}
