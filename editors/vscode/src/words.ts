/** Texts for people, apart from the editor so that they can be tested without it. */

/** Translates: `vscode.l10n.t`. `{0}` stands for the first argument. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** Without any translation. */
export const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index) => String(args[Number(index)] ?? whole));

/** The cloud's word for where a version or an extension stands; it may say words that nobody here knows. */
export function stateWord(state: string, t: Translate): string {
  switch (state) {
    case 'draft':
      return t('draft');
    case 'submitted':
      return t('submitted');
    case 'active':
      return t('active');
    case 'rejected':
      return t('rejected');
    // Of an extension: a version of it was approved.
    case 'ready':
      return t('ready');
    case '':
      return t('unknown');
    default:
      return state;
  }
}

/** What a state means to its author. */
export type Tone = 'draft' | 'waiting' | 'good' | 'bad' | 'unknown';

/** A word that speaks of refusal is taken for one. */
export function toneOf(state: string | undefined): Tone {
  const word = state?.toLowerCase() ?? '';
  if (word === 'draft') return 'draft';
  if (word === 'submitted') return 'waiting';
  if (word === 'active' || word === 'ready') return 'good';
  return /reject|refuse|deny|denied/.test(word) ? 'bad' : 'unknown';
}

/** A package by its name and version, as far as they are known. */
export function titleOf({ name, version }: { name?: string; version?: string }): string {
  return [name, version].filter(Boolean).join(' ');
}

/** As the program shows bytes: `33.8 KB`. */
export function showSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let [shown, unit] = [bytes / 1024, 0];
  while (shown >= 1023.95 && unit < 2) [shown, unit] = [shown / 1024, unit + 1];
  return `${shown.toFixed(1)} ${units[unit]}`;
}

/**
 * How long ago something was, as the program words it (`age.rs` in `ksext/src/commands/shared`).
 * @param when RFC 3339
 * @param now in milliseconds
 * @returns nothing for a time that is none, as the year 1 of a server that does not know it
 */
export function age(when: string | null | undefined, now: number, t: Translate): string | undefined {
  const then = Date.parse(when ?? '');
  if (Number.isNaN(then) || new Date(then).getUTCFullYear() < 2000) return undefined;
  const minutes = Math.floor((now - then) / 60_000);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes < 1) return t('just now');
  if (minutes < 5) return t('a few minutes ago');
  if (hours < 1) return t('{0} min ago', Math.floor(minutes / 5) * 5);
  if (days < 2) return t('{0} h ago', hours);
  if (days < 60) return t('{0} days ago', days);
  if (days < 730) return t('{0} months ago', Math.floor(days / 30));
  return t('{0} years ago', Math.floor(days / 365));
}

/** Text that Markdown shows as it is written. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&').replace(/\s+/g, ' ');
}
