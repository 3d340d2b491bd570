/** What is said between this extension and `ksext lsp` beside LSP itself. The program declares it in `commands/` and `lsp/features/status.rs`. */

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

/** The request for it, with `{uri}`; answered with `null` for what is no package of ours. */
export const packageStatus = 'ksext/packageStatus';

/** What `packageStatus` answers may have changed. */
export const didChangePackageStatus = 'ksext/didChangePackageStatus';

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
  latestVersion?: string;
  snapshots: Snapshot[];
}

/** A version that was pushed. */
export interface Snapshot {
  id: string;
  version: string;
  status: string;
  updatedAt: string | null;
  /** Of the reviewers. */
  reason?: string;
}

/** Of `ksext.list`. */
export interface Listing {
  extensions: { id: string; name: string; status: string; latestVersion?: string }[];
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
