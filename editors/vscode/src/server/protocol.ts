/** What is said between this extension and `ksext lsp` beside LSP itself. Documented in `editors/README.md`. */

import { NotificationType0, RequestType } from 'vscode-languageclient/node';

/** What is known of a package: its size, its review. */
export interface PackageStatus {
  /** Of the folder. */
  root: string;
  manifest: string;
  name?: string;
  version?: string;
  findings: { errors: number; warnings: number };
  /** In bytes, and as words for a status bar. */
  size?: { projected: number; limit: number; text: string; tooLarge: boolean };
  /** Where the version stands, as words for a status bar and as Markdown. */
  review?: { status?: string; text: string; table: string };
  /** The server that a push would go to. */
  server: string;
  loggedIn: boolean;
}

/** Answered with `null` for what is no package of ours. */
export const packageStatus = new RequestType<{ uri: string }, PackageStatus | null, void>('ksext/packageStatus');

/** What `packageStatus` answers may have changed. */
export const didChangePackageStatus = new NotificationType0('ksext/didChangePackageStatus');

/** Why a command was not done, as `data` of its error. */
export interface Refusal {
  kind: string;
  hint?: string;
  /** Of the HTTP answer, if there was one. */
  status?: number;
}
