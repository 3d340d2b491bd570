/** Texts for people, apart from the editor so that they can be tested without it. */

/** Translates: `vscode.l10n.t`. `{0}` stands for the first argument. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** Without any translation. */
export const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index) => String(args[Number(index)] ?? whole));

/** A package by its name and version, as far as they are known. */
export function titleOf({ name, version }: { name?: string; version?: string }): string {
  return [name, version].filter(Boolean).join(' ');
}

/** Text that Markdown shows as it is written. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&').replace(/\s+/g, ' ');
}
