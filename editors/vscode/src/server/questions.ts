/** Questions and messages of the server, as an editor shows them. */

import * as vscode from 'vscode';
import {
  type LanguageClient,
  MessageType,
  ShowMessageNotification,
  ShowMessageRequest,
} from 'vscode-languageclient/node';

import { linked, question } from './texts';

/** Shows what the server asks: what a command asks as a dialog, since nothing goes on before it is answered. */
export function answerQuestions(client: LanguageClient, isCommandRunning: () => boolean): void {
  client.onRequest(ShowMessageRequest.type, async ({ type, message, actions = [] }) => {
    if (!isCommandRunning() || actions.length === 0) return shower(type)(linked(message), ...actions);
    const { text, detail } = question(message);
    // The last button is the one that does nothing.
    const last = actions.at(-1);
    const buttons = actions.map((action) => ({ ...action, isCloseAffordance: action === last }));
    const chosen = await shower(type)(text, { modal: true, detail }, ...buttons);
    return chosen && chosen.title !== last?.title ? { title: chosen.title } : null;
  });
  client.onNotification(ShowMessageNotification.type, ({ type, message }) => void shower(type)(linked(message)));
}

function shower(type: MessageType) {
  if (type === MessageType.Error) return vscode.window.showErrorMessage;
  if (type === MessageType.Warning) return vscode.window.showWarningMessage;
  return vscode.window.showInformationMessage;
}
