/** What the list of one's own extensions shows, apart from the editor. */

import type { ListAnswer, StatusAnswer } from '../server/answers';
import type { Snapshot, Tone } from '../server/protocol';
import type { Translate } from '../words';

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

export function extensionRows({ extensions }: ListAnswer, t: Translate): Row[] {
  const rows = extensions.map(
    ({ id, name, statusText, tone, latestVersion }): Row => ({
      kind: 'extension',
      name,
      id,
      title: name,
      label: name,
      description: [latestVersion, statusText].filter(Boolean).join(' · '),
      tooltip: [
        t('Status: {0}', statusText),
        ...(latestVersion ? [t('Latest version: {0}', latestVersion)] : []),
        t('ID: {0}', id),
      ],
      tone,
      context: 'extension',
    }),
  );
  return rows.sort((a, b) => a.label.localeCompare(b.label));
}

/** The one that changed last first. */
export function newestFirst(snapshots: Snapshot[]): Snapshot[] {
  return [...snapshots].sort((one, other) => one.rank - other.rank);
}

/** The versions that were pushed, the one that changed last first. */
export function snapshotRows({ name, snapshots }: StatusAnswer, locale: string, t: Translate): Row[] {
  return newestFirst(snapshots).map(({ id, version, statusText, tone, updatedAt, ageText, reason }): Row => {
    const changed = ageText && updatedAt && new Date(updatedAt).toLocaleString(locale);
    return {
      kind: 'snapshot',
      name,
      id,
      snapshotId: id,
      title: version,
      label: `${name} ${version}`,
      description: [statusText, ageText].filter(Boolean).join(' · '),
      tooltip: [
        t('Status: {0}', statusText),
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
