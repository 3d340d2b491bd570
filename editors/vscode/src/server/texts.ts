/** Texts of the server, made fit for the editor's messages. */

/** A question and what is to be read before it is answered. */
export function question(message: string): { text: string; detail: string } {
  const [text = '', ...rest] = message.split('\n');
  return { text, detail: rest.join('\n').trim() };
}

/** `text` with its web addresses to click on, as messages of the editor have them. */
export function linked(text: string): string {
  // Chinese text has no space behind an address; brackets and full stops at its end are not of it.
  return text.replace(/https?:\/\/[\w\-.~:/?#@!$&'*+,;=%]+/g, (found) => {
    const address = found.replace(/[.,;:!?']+$/, '');
    return `[${address}](${address})${found.slice(address.length)}`;
  });
}

/** `text` as a sentence on its own. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
