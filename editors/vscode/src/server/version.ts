/** Which servers this extension can work with. */

/** The first version that has all that is asked of it (`protocol.ts`). */
export const MINIMUM = '0.1.0';

/** Whether `version` comes before `other`; what is no version comes before all. */
export function isOlder(version: string, other: string): boolean {
  const [mine, theirs] = [numbers(version), numbers(other)];
  for (const [index, number] of theirs.entries()) {
    const difference = (mine[index] ?? -1) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** `0.12.3-beta.1` is `[0, 12, 3]`: a server of a pre-release has what its release will have. */
function numbers(version: string): number[] {
  const [, ...parts] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return parts.map(Number);
}
