/** Living beside Red Hat's YAML extension, which looks at the same files. */

import * as vscode from 'vscode';
import type { ConfigurationMiddleware } from 'vscode-languageclient/node';

import { leaving } from './settings';

const RED_HAT = 'redhat.vscode-yaml';

/** Answers the server's question for settings; where Red Hat's extension is, it is left what it reports too. */
export const leavingToOthers: NonNullable<ConfigurationMiddleware['configuration']> = async (params, token, next) => {
  const sections = await next(params, token);
  if (!Array.isArray(sections) || !vscode.extensions.getExtension(RED_HAT) || isDecided()) return sections;
  return params.items.map(({ section }, index) => (section === 'ksext' ? leaving(sections[index]) : sections[index]));
};

/** Whether the user has set it either way. */
function isDecided(): boolean {
  const found = vscode.workspace.getConfiguration('ksext').inspect('diagnostics.otherYamlServer');
  const { globalValue, workspaceValue, workspaceFolderValue } = found ?? {};
  return [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
}
