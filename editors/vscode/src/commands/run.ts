/** Running a command of the server for a person: progress, sign-in where it is needed, and what went wrong. */

import * as vscode from 'vscode';

import type { AllAnswers } from '../server/protocol';
import { pageOf, type Refused, type Remedy, refusalOf, remedies, shown } from '../server/refusal';
import { send } from '../server/send';
import type { Running } from '../server/server';
import { linked, sentence } from '../server/texts';
import type { Tools } from './tools';

/** What to run. */
export interface Act<Id extends keyof AllAnswers> {
  command: Id;
  argument: object;
  /** What the progress is called. */
  title: string;
  /** Whether it speaks to the cloud, which is left alone for folders that are not trusted. */
  needsTrust: boolean;
}

/** What was done, and the server's words for it. */
export interface Done<Id extends keyof AllAnswers> {
  answer: AllAnswers[Id];
  said: string;
}

/** Runs it to its end; what hinders it is shown, and `undefined` is the answer then. */
export async function run<Id extends keyof AllAnswers>(tools: Tools, act: Act<Id>): Promise<Done<Id> | undefined> {
  if (act.needsTrust && !(await isTrusted())) return undefined;
  let hasSignedIn = false;
  for (;;) {
    try {
      return await once(tools, act);
    } catch (error) {
      const refused = refusalOf(error);
      tools.log.warn(`${act.command}: ${refused.message}`);
      // Whoever has just signed in is not asked again.
      const choice = await remedy(refused, !hasSignedIn, tools);
      if (choice === 'sign-in') {
        if (!(await tools.account.signIn())) return undefined;
        hasSignedIn = true;
      } else if (choice !== 'retry') {
        return undefined;
      }
    }
  }
}

/** Whether the folder is trusted; says so if it is not. */
export async function isTrusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const message = vscode.l10n.t('Nothing is sent to KubeSphere Cloud from a folder that you do not trust.');
  const chosen = await vscode.window.showWarningMessage(message, manage);
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}

/** Whether the server runs; says so if it does not. */
export async function isRunning({ server, log }: Tools): Promise<boolean> {
  if (await server.ready()) return true;
  const show = vscode.l10n.t('Show Log');
  const restart = vscode.l10n.t('Restart');
  const chosen = await vscode.window.showErrorMessage(NOT_RUNNING(), show, restart);
  if (chosen === show) log.show(true);
  if (chosen === restart) await server.restart();
  return false;
}

const NOT_RUNNING = () => vscode.l10n.t('The language server is not running.');

/** Says what a command has done, with what may be done next; answers the chosen button. */
export async function tell<Button extends string>(said: string, ...buttons: Button[]): Promise<Button | undefined> {
  return vscode.window.showInformationMessage(linked(said), ...buttons);
}

async function once<Id extends keyof AllAnswers>({ server }: Tools, act: Act<Id>): Promise<Done<Id>> {
  const client = await server.ready();
  if (!client) throw new Error(NOT_RUNNING());
  let said = '';
  const running: Running = { isDeclined: false };
  server.running.add(running);
  try {
    const answer = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: act.title, cancellable: true },
      (progress, cancel) => {
        let done = 0;
        return send(client, act.command, act.argument, {
          cancel,
          report: ({ message, percentage = done }) => {
            progress.report({
              increment: Math.max(0, percentage - done),
              ...(message && { message: linked(message) }),
            });
            done = Math.max(done, percentage);
          },
          said: (text) => {
            said = text;
          },
        });
      },
    );
    return { answer, said };
  } catch (error) {
    const refused = refusalOf(error);
    // What was stopped half-way may have left something; who said no to a question knows what was done.
    if (refused.kind === 'cancelled' && !running.isDeclined) void tell(sentence(refused.message));
    throw refused;
  } finally {
    server.running.delete(running);
  }
}

/** Shows a refusal; answers what the one who runs the command is to do about it. */
async function remedy(refused: Refused, maySignIn: boolean, tools: Tools): Promise<'sign-in' | 'retry' | undefined> {
  if (refused.kind === 'cancelled') return undefined;
  if (refused.isWithoutKey && maySignIn) return 'sign-in';
  const offered = remedies(refused.kind).filter((remedy) => maySignIn || remedy !== 'sign-in');
  const items = offered.map((remedy) => ({ title: words(remedy), remedy }));
  const chosen = await vscode.window.showErrorMessage(linked(sentence(shown(refused))), ...items);
  switch (chosen?.remedy) {
    case 'sign-in':
    case 'retry':
      return chosen.remedy;
    case 'problems':
      await vscode.commands.executeCommand('workbench.actions.view.problems');
      break;
    case 'size':
      await vscode.commands.executeCommand('kubesphere.size');
      break;
    case 'cloud':
      await openCloud(tools);
      break;
    case 'log':
      tools.log.show(true);
      break;
    case 'restart':
      await tools.server.restart();
      break;
  }
  return undefined;
}

function words(remedy: Remedy): string {
  switch (remedy) {
    case 'sign-in':
      return vscode.l10n.t('Sign In');
    case 'retry':
      return vscode.l10n.t('Retry');
    case 'problems':
      return vscode.l10n.t('Show Problems');
    case 'size':
      return vscode.l10n.t('Show Size');
    case 'cloud':
      return vscode.l10n.t('Open KubeSphere Cloud');
    case 'log':
      return vscode.l10n.t('Show Log');
    case 'restart':
      return vscode.l10n.t('Restart');
  }
}

/** Opens the cloud's page in a browser. */
export async function openCloud({ packages, account }: Tools): Promise<void> {
  const server = packages.current?.server ?? (await account.current())?.server ?? 'https://kubesphere.cloud';
  await vscode.env.openExternal(vscode.Uri.parse(pageOf(server)));
}
