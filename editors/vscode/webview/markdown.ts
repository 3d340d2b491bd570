/** HTML of a README, of which only what is harmless is kept. */

import { element } from './elements';
import { addressOf, targetOf, withoutInline } from './links';

/** What stays, beside its content. */
const TAGS = new Set(
  `a abbr b blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p
  pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var`.split(/\s+/),
);

/** What goes with its content. */
const NEVER =
  'script, style, template, iframe, frame, object, embed, svg, math, link, meta, base, form, noscript, title, video, audio';

const ATTRIBUTES = new Set([
  'align',
  'alt',
  'class',
  'colspan',
  'dir',
  'height',
  'lang',
  'open',
  'rowspan',
  'start',
  'title',
  'width',
]);

export interface Surroundings {
  /** The address of the package's folder. */
  base: string;
  loadsRemote: boolean;
  words: Record<string, string>;
  /** Opens a file of the package. */
  open(path: string): void;
  /** Told of a picture on the web that is not loaded. */
  blocked(): void;
}

/** The nodes that `html` stands for; ids in them begin with `prefix`. */
export function sanitised(html: string, prefix: string, surroundings: Surroundings): DocumentFragment {
  // In a template no style and no base counts, of which the browser would tell on its console too.
  const parsed = document.createElement('template');
  parsed.innerHTML = withoutInline(html);
  for (const never of parsed.content.querySelectorAll(NEVER)) never.remove();
  const fragment = document.createDocumentFragment();
  for (const child of parsed.content.childNodes) append(fragment, child, prefix, surroundings);
  return fragment;
}

function append(to: Node, node: Node, prefix: string, surroundings: Surroundings): void {
  if (node instanceof Text) to.appendChild(document.createTextNode(node.data));
  if (!(node instanceof Element)) return;
  const tag = node.localName;
  const made = TAGS.has(tag) ? copied(node, prefix, surroundings) : undefined;
  if (made) to.appendChild(made);
  // A tag that nobody knows, as `<name>` written as text, leaves its content.
  for (const child of node.childNodes) append(made ?? to, child, prefix, surroundings);
}

function copied(node: Element, prefix: string, surroundings: Surroundings): HTMLElement {
  const tag = node.localName;
  if (tag === 'img') return picture(node, surroundings);
  const made = document.createElement(tag);
  for (const { name, value } of node.attributes) if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
  if (node.id) made.id = prefix + node.id;
  if (tag === 'a') link(made, node.getAttribute('href') ?? '', prefix, surroundings);
  return made;
}

function link(made: HTMLElement, written: string, prefix: string, { open }: Surroundings): void {
  const target = targetOf(written);
  if (target.kind === 'web') made.setAttribute('href', target.address);
  if (target.kind === 'heading') made.setAttribute('href', `#${prefix}${target.id}`);
  if (target.kind !== 'file') return;
  made.setAttribute('href', '#');
  made.addEventListener('click', (event) => {
    event.preventDefault();
    open(target.path);
  });
}

function picture(node: Element, { base, loadsRemote, words, blocked }: Surroundings): HTMLElement {
  const alt = node.getAttribute('alt') ?? '';
  const target = targetOf(node.getAttribute('src') ?? '');
  const isRemote = target.kind === 'web';
  const address = () => {
    if (target.kind === 'data' || (isRemote && loadsRemote)) return target.address;
    return target.kind === 'file' ? addressOf(base, target.path) : undefined;
  };
  const src = address();
  const size = { width: node.getAttribute('width') ?? undefined, height: node.getAttribute('height') ?? undefined };
  const instead = (template: string | undefined) =>
    element(
      'span',
      { class: 'no-picture' },
      (template ?? '').replace('{n}', () => alt || (node.getAttribute('src') ?? '')),
    );
  if (src === undefined) {
    if (isRemote) blocked();
    return instead(isRemote ? words.notLoaded : words.notFound);
  }
  const made = element('img', { src, alt, title: node.getAttribute('title') ?? undefined, ...size });
  made.addEventListener('error', () => made.replaceWith(instead(words.notFound)));
  return made;
}
