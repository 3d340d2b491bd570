/** What is said between this extension and `ksext lsp` beside LSP itself. The program declares it in `commands/` and `lsp/features/status.rs`. */

/** What a state of the review means to its author. */
export type Tone = 'draft' | 'waiting' | 'good' | 'bad' | 'unknown';

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

/** Of `ksext.login`; nobody is named where nobody was asked. */
export interface Login {
  server: string;
  user?: User;
}

export interface User {
  id: string;
  name?: string;
}

/** Of `ksext.whoami`. */
export interface Whoami {
  server: string;
  user: User;
  source: 'environment' | 'memory' | 'file';
}

/** Of `ksext.push`. */
export interface Pushed {
  name: string;
  version: string;
  snapshotId: string;
  status: string;
  size: number;
}

/** Of `ksext.status`. */
export interface ReviewStatus {
  name: string;
  status: string;
  statusText: string;
  tone: Tone;
  latestVersion?: string;
  snapshots: Snapshot[];
}

/** A version that was pushed. */
export interface Snapshot {
  id: string;
  version: string;
  status: string;
  statusText: string;
  tone: Tone;
  updatedAt: string | null;
  /** How long ago that was. */
  ageText?: string;
  /** 1 for the one that changed last. */
  rank: number;
  /** Of the reviewers. */
  reason?: string;
}

/** Of `ksext.list`. */
export interface Listing {
  extensions: { id: string; name: string; status: string; statusText: string; tone: Tone; latestVersion?: string }[];
}

/** Of `ksext.submit` and `ksext.unpush`. */
export interface Moved {
  snapshotId: string;
  status: string;
}

/** Of `ksext.package`. */
export interface Packaged {
  path: string;
  size: number;
  sha256: string;
}

/** Of `ksext.new`. */
export interface Made {
  path: string;
  files: string[];
}
