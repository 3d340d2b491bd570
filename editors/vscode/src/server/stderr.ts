/** What the server's program writes on stderr. */

export type Level = 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** A line of it: how grave it is, and what it says. What has no level is the word of a panic. */
export function readLine(line: string): { level: Level; text: string } {
  const [, level, text] = /^(?:\S+\s+)?(ERROR|WARN|INFO|DEBUG|TRACE)\s+(.*)$/s.exec(line) ?? [];
  if (level === undefined || text === undefined) return { level: 'error', text: line };
  return { level: level.toLowerCase() as Level, text };
}
