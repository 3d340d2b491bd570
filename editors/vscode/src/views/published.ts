/** What would be published, as texts: one's files beside those that push writes, and the versions beside each other. */

import { showSize, type Translate } from '../words';
import { sides } from './unified';

/** As `ksext.preview` answers. */
export interface PreviewAnswer {
  files: { path: string; text: string }[];
  entries: { path: string; size: number; packed: number }[];
  projected: number;
}

/** As `ksext.diff` answers. */
export interface DiffAnswer {
  name: string;
  version: string;
  against: { version: string; from: string };
  size: { before: number; after: number };
  files: { path: string; diff: string }[];
  entries: { path: string; change: 'added' | 'removed' | 'changed'; before?: number; after?: number }[];
  unchanged: number;
}

/** A text before and after, under a name that says how it is written. */
export interface Pair {
  path: string;
  before: string;
  after: string;
}

/** The name of the list of entries. */
export const ENTRIES = 'entries.txt';

/** The entries of the archive, one a line. */
export function entryList({ entries, projected }: PreviewAnswer, t: Translate): string {
  const width = Math.max(0, ...entries.map(({ size }) => showSize(size).length));
  const lines = entries.map(({ path, size }) => `${showSize(size).padStart(width)}  ${path}`);
  const head = t('{0} entries, {1} packed', entries.length, showSize(projected));
  return `${[head, '', ...lines].join('\n')}\n`;
}

/** What has changed since a version: the manifest, and which entries. */
export function pairs({ files, entries, size, unchanged }: DiffAnswer, t: Translate): Pair[] {
  const manifests = files.map(({ path, diff }) => ({ path, ...sides(diff) }));
  const lengths = entries.flatMap(({ before, after }) => [before, after]).filter((length) => length !== undefined);
  const width = Math.max(0, ...lengths.map((length) => showSize(length).length));
  const list = (side: 'before' | 'after') => {
    const lines = entries.flatMap((entry) => {
      const length = entry[side];
      return length === undefined ? [] : [`${showSize(length).padStart(width)}  ${entry.path}`];
    });
    const head = t('{0} packed; {1} entries are the same', showSize(size[side]), unchanged);
    return `${[head, '', ...lines].join('\n')}\n`;
  };
  return [...manifests, { path: ENTRIES, before: list('before'), after: list('after') }];
}
