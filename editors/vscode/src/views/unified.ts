/** Both sides of a unified diff, for an editor that shows two texts beside each other. */

export interface Sides {
  before: string;
  after: string;
}

/** Stands for lines that are the same on both sides and not in the diff; a comment in YAML. */
const GAP = '# ⋯';

/** What the hunks of one file hold, before and after. */
export function sides(unified: string): Sides {
  const before: string[] = [];
  const after: string[] = [];
  for (const line of unified.split('\n')) {
    const text = line.slice(1);
    if (line.startsWith('@@')) {
      const first = Number(/^@@ -(\d+)/.exec(line)?.[1] ?? 1);
      if (before.length > 0 || after.length > 0 || first > 1) {
        before.push(GAP);
        after.push(GAP);
      }
    } else if (line.startsWith('--- ') && before.length === 0 && after.length === 0) {
      // The names of the two files stand before the first hunk only.
    } else if (line.startsWith('+++ ') && before.length === 0 && after.length === 0) {
      // As above.
    } else if (line.startsWith('-')) before.push(text);
    else if (line.startsWith('+')) after.push(text);
    else if (line.startsWith(' ')) {
      before.push(text);
      after.push(text);
    }
  }
  return { before: joined(before), after: joined(after) };
}

function joined(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
