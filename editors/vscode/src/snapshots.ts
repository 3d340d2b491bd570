/** The versions of an extension that were pushed. */

import type { Snapshot } from './server/protocol';

/** When it changed last, in milliseconds; what has no time is older than what has one. */
export function changedAt({ updatedAt }: Snapshot): number {
  return Date.parse(updatedAt ?? '') || 0;
}

/** The one that changed last first. As far as times do not tell, the cloud lists the oldest first. */
export function newestFirst(snapshots: Snapshot[]): Snapshot[] {
  return [...snapshots].reverse().sort((one, other) => changedAt(other) - changedAt(one));
}
