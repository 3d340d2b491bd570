/** The Marketplace's card and page of a package. */

import './marketplace.css';

import type { Item, MarketplacePage, Shown, Side } from '../src/views/marketplacePage';
import { button, counted, element, prose } from './elements';
import { keep, kept, listen, tell } from './host';
import { sanitised } from './markdown';

type Tab = 'readme' | 'changelog';

let page: MarketplacePage;
let language = kept().language ?? document.documentElement.lang.replace(/-.*/, '');
let tab: Tab = kept().tab === 'changelog' ? 'changelog' : 'readme';
/** Whether a picture of the texts is on the web and not loaded. */
let isBlocked = false;

/** The parts of the page in their order, with what each was drawn from: what has not changed is left as it is. */
const parts = new Map<string, { from: string; node: HTMLElement }>();
const main = element('main', {});
document.body.append(main);

function part(name: string, from: unknown, draw: () => HTMLElement): void {
  const now = JSON.stringify(from);
  const before = parts.get(name);
  if (before?.from === now) return;
  const node = draw();
  node.dataset.part = name;
  if (before) {
    const focused = before.node.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
    before.node.replaceWith(node);
    if (focused) node.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  } else main.append(node);
  parts.set(name, { from: now, node });
}

const keyOf = (node: Element | null) => (node instanceof HTMLElement ? node.dataset.key : undefined);

function draw(): void {
  const { sides, icon, screenshots, missing, words } = page;
  const side =
    sides.find((side) => side.language === language) ?? sides.find(({ language }) => language === 'en') ?? sides[0];
  if (!side) return;
  part('bar', [sides.map(({ title }) => title), side.language, words], () => bar(side));
  part('missing', [missing, words], missingList);
  const { facts, readme, changelog, ...names } = side;
  part('card', [names, icon, words], () => card(side));
  part('head', [names, icon, words], () => head(side));
  part('screenshots', [screenshots, side.language, words], () => shots(side));
  part('facts', [facts, side.language, words], () => details(side));
  isBlocked = false;
  part('texts', [readme, changelog, side.language, tab, page.base, page.loadsRemote, words], () => texts(side));
  // The texts know of pictures that the lists above do not: what they said last is kept in them.
  const blocked = isBlocked || main.querySelector('[data-part=texts][data-blocked]') !== null;
  const isRemote = blocked || [icon, ...screenshots].some((picture) => picture?.state === 'remote');
  part('remote', [isRemote, words], () => remote(isRemote));
}

function bar(side: Side): HTMLElement {
  const { words, sides } = page;
  const choices = sides.map((one) => {
    const choose = button(
      '',
      () => {
        language = one.language;
        keep({ language });
        draw();
      },
      one.title,
    );
    choose.lang = one.tag;
    choose.dataset.key = `language-${one.language}`;
    choose.setAttribute('aria-pressed', String(one === side));
    return choose;
  });
  return element(
    'header',
    { class: 'bar' },
    element('div', {}, element('h1', {}, words.title), element('p', { class: 'faint' }, words.about)),
    element('div', { class: 'switch', role: 'group', 'aria-label': words.language }, ...choices),
  );
}

function missingList(): HTMLElement {
  const { missing, words } = page;
  if (missing.length === 0) return element('p', { class: 'complete' }, words.complete);
  const title = missing.length === 1 ? words.oneMissing : counted(words.missing, missing.length);
  const items = missing.map(({ field, text }) => {
    if (field === undefined) return element('li', {}, ...prose(text));
    const go = button('link', () => tell({ type: 'field', field }), ...prose(text));
    go.dataset.key = `missing-${field}-${text}`;
    return element('li', {}, go);
  });
  return element(
    'section',
    { class: 'missing', 'aria-label': title },
    element('h2', {}, title),
    element('ul', {}, ...items),
  );
}

function remote(isRemote: boolean): HTMLElement {
  const { words } = page;
  if (!isRemote) return element('div', { hidden: true });
  return element(
    'div',
    { class: 'remote' },
    words.remote,
    ' ',
    button('plain', () => tell({ type: 'load' }), words.load),
  );
}

/** The text, or that there is none. */
function said(text: string, nothing: string | undefined): Node {
  return text ? document.createTextNode(text) : element('span', { class: 'none' }, nothing);
}

function pictured(picture: Shown | undefined, className: string, alt: string): HTMLElement {
  const { words } = page;
  const instead = (text: string, short: string) =>
    element(
      'span',
      { class: `${className} no-picture`, role: 'img', 'aria-label': text, title: text },
      // There is no room in an icon.
      className === 'icon' ? short : text,
    );
  const missing = () =>
    instead(picture ? counted(words.notFound, picture.text) : (words.noIcon ?? ''), words.noIcon ?? '');
  if (picture?.state === 'remote') return instead(counted(words.notLoaded, picture.text), words.onTheWeb ?? '');
  if (picture?.state !== 'shown') return missing();
  const made = element('img', { class: className, src: picture.address, alt });
  made.addEventListener('error', () => made.replaceWith(missing()));
  return made;
}

function card(side: Side): HTMLElement {
  const { words, icon } = page;
  return element(
    'section',
    { class: 'in-list' },
    element('h2', {}, words.card),
    element(
      'article',
      { class: 'card', lang: side.tag },
      pictured(icon, 'icon', ''),
      element('h3', {}, said(side.name, words.noName)),
      element(
        'p',
        { class: 'faint' },
        said(side.provider && side.labels.by.replace('{0}', () => side.provider), words.noProvider),
      ),
      element('p', { class: 'text' }, said(side.description, words.noDescription)),
      element(
        'p',
        { class: 'faint foot' },
        element('span', { class: 'tag' }, said(side.category, words.noCategory)),
        side.version,
      ),
    ),
  );
}

function head(side: Side): HTMLElement {
  const { words, icon } = page;
  return element(
    'section',
    { class: 'head' },
    element('h2', {}, words.page),
    element(
      'div',
      { class: 'title', lang: side.tag },
      pictured(icon, 'icon', ''),
      element(
        'div',
        {},
        element('h3', {}, said(side.name, words.noName), ' ', element('span', { class: 'version' }, side.version)),
        element(
          'p',
          { class: 'faint' },
          said(side.provider && side.labels.by.replace('{0}', () => side.provider), words.noProvider),
        ),
        element('p', {}, said(side.description, words.noDescription)),
      ),
    ),
  );
}

function shots(side: Side): HTMLElement {
  const { words, screenshots } = page;
  const all = screenshots.map((shot, index) => {
    if (shot.state !== 'shown') return pictured(shot, 'shot', '');
    const enlarge = button('shot', () => lightbox(index), pictured(shot, '', ''));
    enlarge.dataset.key = `shot-${index}`;
    enlarge.setAttribute('aria-label', counted(words.enlarge, shot.text));
    return enlarge;
  });
  const nothing = element('p', { class: 'none' }, words.noScreenshots);
  return element(
    'section',
    { class: 'shots', lang: side.tag, 'aria-label': side.labels.screenshots },
    ...(all.length ? all : [nothing]),
  );
}

/** One screenshot before everything else; arrows show the others. */
function lightbox(index: number): void {
  const { words, screenshots } = page;
  const shown = screenshots.flatMap((shot, at) => (shot.state === 'shown' ? [{ shot, at }] : []));
  let now = shown.findIndex(({ at }) => at === index);
  const frame = element('div', { class: 'frame' });
  const caption = element('p', { 'aria-live': 'polite' });
  const show = (to: number) => {
    now = (to + shown.length) % shown.length;
    const shot = shown[now]?.shot;
    frame.replaceChildren(pictured(shot, '', shot?.text ?? ''));
    caption.textContent = `${shot?.text} (${now + 1}/${shown.length})`;
  };
  const dialog = element(
    'dialog',
    { class: 'lightbox' },
    frame,
    element(
      'div',
      { class: 'controls' },
      shown.length > 1 && button('plain', () => show(now - 1), words.previous),
      caption,
      shown.length > 1 && button('plain', () => show(now + 1), words.next),
      button('plain', () => dialog.close(), words.close),
    ),
  );
  dialog.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowRight') show(now + 1);
    if (key === 'ArrowLeft') show(now - 1);
  });
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  show(now);
  dialog.showModal();
}

function details(side: Side): HTMLElement {
  const item = ({ text, href }: Item) =>
    href ? element('a', { href, title: href }, text) : document.createTextNode(text);
  const list = element('dl', {});
  for (const { label, items, isTags } of side.facts) {
    const shown = items.map((one) => element('span', { class: isTags ? 'tag' : 'line' }, item(one)));
    list.append(element('dt', {}, label), element('dd', {}, ...shown));
  }
  return element('aside', { class: 'facts', lang: side.tag, 'aria-label': side.labels.details }, list);
}

function texts(side: Side): HTMLElement {
  const { words } = page;
  const ids: Tab[] = ['readme', 'changelog'];
  const tabs = ids.map((id) => {
    const choose = button('', () => select(id), side.labels[id]);
    choose.id = `tab-${id}`;
    choose.dataset.key = id;
    choose.setAttribute('role', 'tab');
    choose.setAttribute('aria-selected', String(id === tab));
    choose.setAttribute('aria-controls', 'text');
    choose.tabIndex = id === tab ? 0 : -1;
    return choose;
  });
  const list = element('div', { role: 'tablist', class: 'tabs' }, ...tabs);
  list.addEventListener('keydown', ({ key }) => {
    if (key === 'ArrowRight' || key === 'ArrowLeft') select(tab === 'readme' ? 'changelog' : 'readme');
  });
  const html = side[tab];
  const surroundings = {
    base: page.base,
    loadsRemote: page.loadsRemote,
    words,
    open: (path: string) => tell({ type: 'open', path }),
    blocked: () => {
      isBlocked = true;
    },
  };
  const content = html ? sanitised(html, 'text-', surroundings) : element('p', { class: 'none' }, words.noText);
  const panel = element(
    'div',
    { id: 'text', role: 'tabpanel', 'aria-labelledby': `tab-${tab}`, class: 'markdown', lang: side.tag },
    content,
  );
  return element('section', { class: 'texts', 'data-blocked': isBlocked }, list, panel);
}

function select(id: Tab): void {
  tab = id;
  keep({ tab });
  draw();
  document.getElementById(`tab-${id}`)?.focus();
}

listen((data) => {
  page = data as MarketplacePage;
  draw();
});
