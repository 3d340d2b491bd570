/** Where links and pictures of a README may lead. */

/** A picture or link that is written in a text. */
export type Target =
  | { kind: 'web'; address: string }
  /** In the package, from its folder on. */
  | { kind: 'file'; path: string }
  /** A heading of the same text. */
  | { kind: 'heading'; id: string }
  | { kind: 'data'; address: string }
  | { kind: 'none' };

/** What `written` leads to; nothing if it leaves the package or runs something. */
export function targetOf(written: string): Target {
  const text = written.trim();
  if (text.startsWith('#')) return { kind: 'heading', id: decoded(text.slice(1)) };
  if (/^(https?:|mailto:)/i.test(text)) return { kind: 'web', address: text };
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(text)) return { kind: 'data', address: text };
  if (text.startsWith('//')) return { kind: 'web', address: `https:${text}` };
  if (text === '' || /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('/') || text.includes('\\'))
    return { kind: 'none' };
  const names: string[] = [];
  for (const name of decoded(text.replace(/[?#].*$/, '')).split('/')) {
    if (name === '..' && names.pop() === undefined) return { kind: 'none' };
    if (!['', '.', '..'].includes(name)) names.push(name);
  }
  return names.length > 0 ? { kind: 'file', path: names.join('/') } : { kind: 'none' };
}

/** The address of a file of the package. */
export function addressOf(base: string, path: string): string {
  return `${base.replace(/\/$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * HTML without what the policy does not let run: the browser would tell of each on its console. What is harmless is decided
 * elsewhere.
 */
export function withoutInline(html: string): string {
  const attribute = /\s(?:on\w+|style)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)/gi;
  return html.replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (tag) => tag.replace(attribute, ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
