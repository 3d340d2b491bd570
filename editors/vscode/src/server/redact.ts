/** Keeps keys out of what is logged. */

/** What stands in place of a key. */
const HIDDEN = '***';

/** The usual shape of an API key, wherever it stands. */
const KEY = /kck-[0-9a-zA-Z-]+/g;

/** `text` without anything that looks like a key, and without the `secrets`, also as JSON writes them. */
export function redact(text: string, secrets: Iterable<string>): string {
  let redacted = text;
  for (const secret of secrets) {
    if (!secret) continue;
    redacted = redacted.replaceAll(secret, HIDDEN).replaceAll(JSON.stringify(secret).slice(1, -1), HIDDEN);
  }
  return redacted.replace(KEY, HIDDEN);
}
