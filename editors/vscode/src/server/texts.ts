/** Texts of the server, made fit for the editor's messages. */

/** A question and what is to be read before it is answered, for a dialog. */
export function question(message: string): { text: string; detail: string } {
  const [text = '', ...rest] = bare(message).split('\n');
  return { text, detail: rest.join('\n').trim() };
}

/** `text` for places that show backticks as they are written: words in them stand in quotes, a single one in none. */
export function bare(text: string): string {
  return text.replace(/(?<!`)`([^`\n]+)`(?!`)/g, (_, code: string) => (/\s/.test(code) ? `“${code}”` : code));
}

/** `text` for messages of the editor, with its web addresses to click on. It leads nowhere else, whoever wrote parts of it. */
export function linked(text: string): string {
  // What a cloud says may hold links that run commands.
  const harmless = bare(text).replaceAll('](', '] (');
  // Chinese text has no space behind an address; brackets and full stops at its end are not of it.
  return harmless.replace(/https?:\/\/[\w\-.~:/?#@!$&'*+,;=%]+/g, (found) => {
    const address = found.replace(/[.,;:!?']+$/, '');
    return `[${address}](${address})${found.slice(address.length)}`;
  });
}

/** `text` as a sentence on its own. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
