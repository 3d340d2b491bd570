/** Questions and messages of the server, as an editor shows them. */

import * as vscode from 'vscode';
import {
  type LanguageClient,
  MessageType,
  ShowMessageNotification,
  ShowMessageRequest,
} from 'vscode-languageclient/node';

import { bare, linked, question, sentence } from './texts';

/** The one who answers. */
export interface Asked {
  /** Whether questions are those of a command that somebody has just started. */
  isAsking(): boolean;
  /** Told when somebody has said no to such a question. */
  declined(): void;
  /** Whether a key is tried; what is to be said of it stands where it was typed. */
  isVerifying(): boolean;
}

/** Shows what the server asks: what a command asks as a dialog, since nothing goes on before it is answered. */
export function answerQuestions(client: LanguageClient, { isAsking, declined, isVerifying }: Asked): void {
  client.onRequest(ShowMessageRequest.type, async ({ type, message, actions = [] }) => {
    if (!isAsking() || actions.length === 0) return shower(type)(linked(sentence(message)), ...actions);
    const { text, detail } = question(message);
    // The last button is the one that does nothing.
    const last = actions.length - 1;
    const buttons = actions.map(({ title }, index) => ({
      title: bare(title),
      index,
      isCloseAffordance: index === last,
    }));
    const chosen = await shower(type)(text, { modal: true, detail }, ...buttons);
    const action = chosen && chosen.index !== last ? actions[chosen.index] : undefined;
    if (!action) declined();
    return action ?? null;
  });
  client.onNotification(ShowMessageNotification.type, ({ type, message }) => {
    if (!isVerifying()) void shower(type)(linked(sentence(message)));
  });
}

function shower(type: MessageType) {
  if (type === MessageType.Error) return vscode.window.showErrorMessage;
  if (type === MessageType.Warning) return vscode.window.showWarningMessage;
  return vscode.window.showInformationMessage;
}
