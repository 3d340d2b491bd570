/** Sending a command to the server. */

import type { CancellationToken } from 'vscode';
import type { LanguageClient, WorkDoneProgressReport } from 'vscode-languageclient/node';

import type { AllAnswers } from './protocol';
import { refusalOf } from './refusal';

/** How a command is followed while it runs. */
export interface Following {
  report(progress: WorkDoneProgressReport): void;
  /** Told what was done, in a sentence, before the answer is there. */
  said(text: string): void;
  cancel: CancellationToken;
}

/**
 * Runs a command and answers its result; throws a `Refused`.
 *
 * It always has a token for its progress: without one the server would show a progress of its own. It is stopped by
 * that token and not by the request's, so that its answer can say what stands on the cloud by then.
 */
export async function send<Id extends keyof AllAnswers>(
  client: LanguageClient,
  command: Id,
  argument: object,
  following?: Following,
): Promise<AllAnswers[Id]> {
  // Loaded with the client, and not before: see server.ts.
  const { ExecuteCommandRequest, WorkDoneProgress, WorkDoneProgressCancelNotification } = await import('./client');
  const workDoneToken = crypto.randomUUID();
  const progress = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind === 'report') following?.report(value);
    if (value.kind === 'end' && value.message) following?.said(value.message);
  });
  const stop = following?.cancel.onCancellationRequested(() => {
    void client.sendNotification(WorkDoneProgressCancelNotification.type, { token: workDoneToken });
  });
  try {
    return await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument], workDoneToken });
  } catch (error) {
    throw refusalOf(error);
  } finally {
    progress.dispose();
    stop?.dispose();
  }
}
