/** Asking for an API key. */

import * as vscode from 'vscode';

import { refusalOf } from '../server/refusal';
import { linked, sentence } from '../server/texts';
import { KEY_PAGE, looksLikeAKey } from './key';

/** Asks until `verify` takes a key without an error; what the error says stands below the input. */
export function askKey<T>(server: string, verify: (key: string) => Promise<T>): Promise<T | undefined> {
  const box = vscode.window.createInputBox();
  const makeKey: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: vscode.l10n.t('Open the page where keys are made'),
  };
  box.title = vscode.l10n.t('Sign in to KubeSphere Cloud');
  box.prompt = vscode.l10n.t(
    'Paste an API key; it is sent to {0} only. The button above leads to where keys are made: Security, Create token, tick Extension Component',
    server,
  );
  box.placeholder = 'kck-00000000-0000-0000-0000-000000000000';
  box.password = true;
  // Whoever fetches a key leaves the window.
  box.ignoreFocusOut = true;
  box.buttons = [makeKey];
  return new Promise((resolve) => {
    let result: T | undefined;
    box.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(KEY_PAGE)));
    box.onDidChangeValue((value) => {
      box.validationMessage = remark(value.trim());
    });
    box.onDidAccept(async () => {
      const key = box.value.trim();
      if (!key) return;
      box.busy = true;
      box.enabled = false;
      try {
        result = await verify(key);
        box.hide();
      } catch (error) {
        const { message } = refusalOf(error);
        box.validationMessage = {
          message: linked(sentence(message)),
          severity: vscode.InputBoxValidationSeverity.Error,
        };
      } finally {
        box.busy = false;
        box.enabled = true;
      }
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(result);
    });
    box.show();
  });
}

/** What looks odd is tried all the same. */
function remark(key: string): vscode.InputBoxValidationMessage | undefined {
  if (!key || looksLikeAKey(key)) return undefined;
  return {
    message: vscode.l10n.t('This does not look like an API key (kck- and 36 characters). It is tried all the same.'),
    severity: vscode.InputBoxValidationSeverity.Warning,
  };
}
