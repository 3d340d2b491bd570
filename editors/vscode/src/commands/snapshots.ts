/** The versions of an extension that were pushed. */

import type { Snapshot } from '../server/protocol';

/** The one that changed last; of those without a time any, if there is no other. */
export function newest(snapshots: Snapshot[]): Snapshot | undefined {
  const time = ({ updatedAt }: Snapshot) => (updatedAt === null ? 0 : Date.parse(updatedAt) || 0);
  return [...snapshots].sort((one, other) => time(other) - time(one))[0];
}
