/** What the list of one's own extensions shows, apart from the editor. */

import type { Listing, ReviewStatus } from '../server/protocol';
import { changedAt, newestFirst } from '../snapshots';
import { age, stateWord, type Tone, type Translate, toneOf } from '../words';

/** A row. Menus hand it to commands, which need `snapshotId` or `name` of it. */
export interface Row {
  kind: 'extension' | 'snapshot';
  name: string;
  id: string;
  snapshotId?: string;
  /** What it is called in the list. */
  title: string;
  /** What it is called anywhere else. */
  label: string;
  description: string;
  /** Markdown-free lines. */
  tooltip: string[];
  tone: Tone;
  /** What menus go by: `extension`, `snapshot.draft`, `snapshot.waiting` … */
  context: string;
}

/** Whether a menu is about a row. */
export function isRow(value: unknown): value is Row {
  return value instanceof Object && 'kind' in value && 'id' in value && typeof value.id === 'string';
}

export function extensionRows({ extensions }: Listing, t: Translate): Row[] {
  const rows = extensions.map(({ id, name, status, latestVersion }): Row => {
    const word = stateWord(status, t);
    return {
      kind: 'extension',
      name,
      id,
      title: name,
      label: name,
      description: [latestVersion, word].filter(Boolean).join(' · '),
      tooltip: [
        t('Status: {0}', word),
        ...(latestVersion ? [t('Latest version: {0}', latestVersion)] : []),
        t('ID: {0}', id),
      ],
      tone: toneOf(status),
      context: 'extension',
    };
  });
  return rows.sort((a, b) => a.label.localeCompare(b.label));
}

/** The versions that were pushed, the one that changed last first. */
export function snapshotRows({ name, snapshots }: ReviewStatus, now: number, locale: string, t: Translate): Row[] {
  return newestFirst(snapshots).map((snapshot): Row => {
    const { id, version, status, updatedAt, reason } = snapshot;
    const word = stateWord(status, t);
    const past = age(updatedAt, now, t);
    const tone = toneOf(status);
    const changed = past && new Date(changedAt(snapshot)).toLocaleString(locale);
    return {
      kind: 'snapshot',
      name,
      id,
      snapshotId: id,
      title: version,
      label: `${name} ${version}`,
      description: [word, past].filter(Boolean).join(' · '),
      tooltip: [
        t('Status: {0}', word),
        ...(reason ? [t('The reviewers say: {0}', reason)] : []),
        ...(changed ? [t('Changed: {0}', changed)] : []),
        t('Snapshot ID: {0}', id),
      ],
      tone,
      context: `snapshot.${tone}`,
    };
  });
}

/** Why nothing is listed: what the view's welcome text goes by. */
export type Obstacle = 'no-server' | 'untrusted' | 'signed-out' | 'offline' | 'failed';

/** Stands for a word of the server's where there is none to ask. */
export const NO_SERVER = 'no-server';

/** By the `kind` of a refusal. */
export function obstacleOf(kind: string): Obstacle {
  switch (kind) {
    case 'auth':
      return 'signed-out';
    case 'network':
    case 'timeout':
    case 'tls':
      return 'offline';
    case NO_SERVER:
      return 'no-server';
    default:
      return 'failed';
  }
}
