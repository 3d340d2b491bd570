/** What is said between this extension and `ksext lsp` beside LSP itself. The program declares it in `lsp/features`, and the answers of commands, which are generated, in `commands`. */

import type { MarketplaceAnswer } from '../views/marketplacePage';
import type { Answers, StatusAnswer } from './answers';

/** What a state of the review means to its author. */
export type Tone = StatusAnswer['tone'];

/** What is known of a package: its size, its review. */
export interface PackageStatus {
  /** Of the folder. */
  root: string;
  manifest: string;
  name?: string;
  version?: string;
  findings: { errors: number; warnings: number };
  /** In bytes, and as words for a status bar. */
  size?: { projected: number; projectedText: string; limit: number; text: string; tooLarge: boolean };
  /** Where the version stands, as words for a status bar and as Markdown. */
  review?: { status?: string; tone: Tone; text: string; table: string };
  /** The server that a push would go to. */
  server: string;
  loggedIn: boolean;
}

/** The request for it, with `{uri}`; answered with `null` for what is no package of ours. */
export const packageStatus = 'ksext/packageStatus';

/** What `packageStatus` answers may have changed. */
export const didChangePackageStatus = 'ksext/didChangePackageStatus';

/** The request for the packages in the folders of the workspace. */
export const packages = 'ksext/packages';

/** Of it. */
export interface PackageList {
  packages: ListedPackage[];
}

/** Where a package is, and what it calls itself. */
export interface ListedPackage {
  /** Of the folder. */
  root: string;
  manifest: string;
  name?: string;
  version?: string;
}

/** The request for how long ago `{times}` were, as words; answers hold them too, as of when they were given. */
export const ages = 'ksext/ages';

/** Of it, in the order of the times; nothing for what is no time. */
export interface Ages {
  texts: (string | null)[];
}

/** Why a command was not done, as `data` of its error. */
export interface Refusal {
  kind: string;
  hint?: string;
  /** Of the HTTP answer, if there was one. */
  status?: number;
}

/** What the server's commands answer, by the command: those that it declares, and what the Marketplace's page draws. */
export interface AllAnswers extends Answers {
  'ksext.marketplace': MarketplaceAnswer;
}

/** A version that was pushed. */
export type Snapshot = StatusAnswer['snapshots'][number];
