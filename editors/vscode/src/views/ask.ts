/** Questions to the language server's commands whose answer is shown. */

import * as vscode from 'vscode';

import type { AllAnswers } from '../server/protocol';
import { Refused } from '../server/refusal';
import { send } from '../server/send';
import type { Server } from '../server/server';
import { sentence } from '../server/texts';
import { NO_SERVER } from './list';

/**
 * The answer of one of the server's commands.
 * @throws Refused
 */
export async function ask<Id extends keyof AllAnswers>(
  { client }: Server,
  command: Id,
  argument: object,
): Promise<AllAnswers[Id]> {
  if (client) return send(client, command, argument);
  throw new Refused(vscode.l10n.t('The language server is not running.'), NO_SERVER, undefined, undefined);
}

/** Why it was not done, as a sentence. */
export function reason(error: unknown): string {
  return sentence(error instanceof Error ? error.message : String(error));
}
