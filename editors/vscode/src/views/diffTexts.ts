/** What would be published, as texts: one's files beside those that push writes, and the versions beside each other. */

import type { DiffAnswer, PreviewAnswer } from '../server/answers';
import type { Translate } from '../words';
import { sides } from './unified';

/** A text before and after, under a name that says how it is written. */
export interface Pair {
  path: string;
  before: string;
  after: string;
}

/** The name of the list of entries. */
export const ENTRIES = 'entries.txt';

/** The entries of the archive, one a line. */
export function entryList({ entries, projectedText }: PreviewAnswer, t: Translate): string {
  const width = widest(entries.map(({ sizeText }) => sizeText));
  const lines = entries.map(({ path, sizeText }) => `${sizeText.padStart(width)}  ${path}`);
  const head = t('{0} entries, {1} packed', entries.length, projectedText);
  return `${[head, '', ...lines].join('\n')}\n`;
}

/** What has changed since a version: the manifest, and which entries. */
export function pairs({ files, entries, size, unchanged }: DiffAnswer, t: Translate): Pair[] {
  const manifests = files.map(({ path, diff }) => ({ path, ...sides(diff) }));
  const width = widest(entries.flatMap(({ beforeText = '', afterText = '' }) => [beforeText, afterText]));
  const list = (side: 'beforeText' | 'afterText') => {
    const lines = entries.flatMap((entry) => {
      const length = entry[side];
      return length === undefined ? [] : [`${length.padStart(width)}  ${entry.path}`];
    });
    const head = t('{0} packed; {1} entries are the same', size[side], unchanged);
    return `${[head, '', ...lines].join('\n')}\n`;
  };
  return [...manifests, { path: ENTRIES, before: list('beforeText'), after: list('afterText') }];
}

function widest(texts: string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}
