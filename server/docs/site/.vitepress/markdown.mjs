/** The pages of the repository, read for the site: with links that lead to other pages of it. */

import { onSite, pageStagedAs, pictureOnSite } from '../links.mjs';

/** The most that search engines show of a description, in characters. */
const DESCRIPTION = 160;

/** @param {import('markdown-it').default} markdown */
export function asOnSite(markdown) {
  // Before headings get links to themselves.
  markdown.core.ruler.after('inline', 'links-on-site', ({ tokens, env }) => {
    // What VitePress itself adds is read for itself, and has no place.
    const page = pageStagedAs(env?.relativePath);
    if (!page) return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_open') change(token, 'href', (link) => onSite(page, link));
      if (token.type === 'image') change(token, 'src', (link) => pictureOnSite(page, link));
    }
    for (const { children } of tokens) joinLines(children ?? []);
    // Without headings there is nothing to list beside the page.
    const aside = tokens.some(({ type, tag }) => type === 'heading_open' && tag === 'h2');
    env.frontmatter = { description: descriptionOf(tokens), aside, ...env.frontmatter };
  });
  const { rules } = markdown.renderer;
  for (const kind of /** @type {const} */ (['text', 'code_inline'])) {
    const render = rules[kind];
    // Vue would take it for an expression.
    rules[kind] = (...all) => (render?.(...all) ?? '').replaceAll('{{', '&#123;&#123;');
  }
}

/**
 * @param {import('markdown-it').Token} token
 * @param {string} name
 * @param {(value: string) => string} changed
 */
function change(token, name, changed) {
  const value = token.attrGet(name);
  if (value) token.attrSet(name, changed(value));
}

/** A line's end within Chinese text, which has no spaces between words. */
const CHINESE = /[\p{Script=Han}，。、；：？！（）《》“”]/u;

/**
 * Takes away the ends of lines that would show as spaces.
 * @param {import('markdown-it').Token[]} children
 */
function joinLines(children) {
  children.forEach((token, index) => {
    const [before, after] = [children[index - 1]?.content.at(-1) ?? '', children[index + 1]?.content[0] ?? ''];
    if (token.type === 'softbreak' && CHINESE.test(before) && CHINESE.test(after)) token.type = 'text';
  });
}

/**
 * The first sentences of a page.
 * @param {import('markdown-it').Token[]} tokens
 */
function descriptionOf(tokens) {
  const paragraphs = tokens.filter((_, index) => tokens[index - 1]?.type === 'paragraph_open');
  const texts = paragraphs.map(({ children }) => {
    const parts = (children ?? []).filter(({ type }) => ['text', 'code_inline', 'softbreak'].includes(type));
    return parts.map(({ type, content }) => (type === 'softbreak' ? ' ' : content)).join('');
  });
  const text = texts.find((text) => text.length > 20) ?? '';
  return text.length <= DESCRIPTION ? text : `${text.slice(0, DESCRIPTION - 1).trimEnd()}…`;
}
