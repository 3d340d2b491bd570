/** What the Marketplace will show of a package, as a page draws it. */

import type { Translate } from '../words';

/** As written, with the address of the file or on the web, or the picture itself. */
export interface Picture {
  text: string;
  uri?: string;
  /** `data:image/…` */
  data?: string;
  missing?: boolean;
}

/** Texts and the like by language, as ISO 639-1 writes them. */
type ByLanguage<T> = Record<string, T>;

/** A provider or a maintainer. */
export interface Person {
  name: string;
  url?: string;
  email?: string;
}

/** As `ksext.marketplace` answers. */
export interface MarketplaceAnswer {
  /** Of the folder. */
  root?: string;
  name?: string;
  version?: string;
  /** That the manifest speaks. */
  languages: string[];
  displayName: ByLanguage<string>;
  description: ByLanguage<string>;
  provider: ByLanguage<Person>;
  icon?: Picture;
  screenshots: Picture[];
  category?: string;
  categoryTitle?: ByLanguage<string>;
  keywords: string[];
  maintainers: Person[];
  home?: string;
  docs?: string;
  sources: string[];
  kubeVersion?: string;
  ksVersion?: string;
  installationMode?: string;
  namespace?: string;
  dependencies: { name: string; version?: string; tags: string[] }[];
  /** Markdown, what users of each language get. */
  readme: ByLanguage<string>;
  changelog: ByLanguage<string>;
  missing: { field: string; language?: string; message: string }[];
}

/** A picture, or why none is shown. */
export interface Shown {
  text: string;
  state: 'shown' | 'missing' | 'remote';
  address?: string;
}

export interface Item {
  text: string;
  href?: string;
}

export interface Fact {
  label: string;
  items: Item[];
  /** Short words beside each other. */
  isTags?: boolean;
}

/** The page in one language. */
export interface Side {
  language: string;
  /** For the `lang` of elements. */
  tag: string;
  /** The language's own name. */
  title: string;
  name: string;
  description: string;
  provider: string;
  category: string;
  version: string;
  facts: Fact[];
  /** HTML that is not to be trusted. */
  readme: string;
  changelog: string;
  labels: { readme: string; changelog: string; screenshots: string; details: string; by: string };
}

export interface MarketplacePage {
  sides: Side[];
  icon: Shown | undefined;
  screenshots: Shown[];
  /** `field` is one of the manifest's; what is a file of its own has none. */
  missing: { field?: string; text: string }[];
  /** The address of the package's folder. */
  base: string;
  loadsRemote: boolean;
  words: Record<string, string>;
}

/** What the page needs of the editor. */
export interface Means {
  t: Translate;
  base: string;
  loadsRemote: boolean;
  /** Where the page finds a file. */
  address(uri: string): string;
  /** Markdown as HTML. */
  render(markdown: string): Promise<string>;
}

/** The words of the Marketplace itself: in the language of the page, not of the editor. */
const LABELS = {
  en: {
    version: 'Version',
    provider: 'Provider',
    category: 'Category',
    keywords: 'Keywords',
    kubernetes: 'Kubernetes',
    kubesphere: 'KubeSphere',
    mode: 'Installation mode',
    namespace: 'Namespace',
    dependencies: 'Consists of',
    maintainers: 'Maintainers',
    links: 'Links',
    home: 'Home page',
    docs: 'Documentation',
    source: 'Source code',
    readme: 'Overview',
    changelog: 'Changelog',
    screenshots: 'Screenshots',
    details: 'Details',
    by: 'by {0}',
    modes: { HostOnly: 'Host cluster only', Multicluster: 'Several clusters' },
  },
  zh: {
    version: '版本',
    provider: '提供商',
    category: '分类',
    keywords: '关键字',
    kubernetes: 'Kubernetes',
    kubesphere: 'KubeSphere',
    mode: '安装模式',
    namespace: '命名空间',
    dependencies: '组成部分',
    maintainers: '维护者',
    links: '链接',
    home: '主页',
    docs: '文档',
    source: '源代码',
    readme: '说明',
    changelog: '更新日志',
    screenshots: '截图',
    details: '详情',
    by: '由 {0} 提供',
    modes: { HostOnly: '仅主集群', Multicluster: '多集群' },
  },
};

/** The languages that the console of KubeSphere has whatever an extension speaks. */
const CONSOLE = ['en', 'zh'];

/** What is missing and no field of the manifest. */
const FILES = ['readme', 'changelog'];

export async function marketplacePage(answer: MarketplaceAnswer, means: Means): Promise<MarketplacePage> {
  const { t, base, loadsRemote } = means;
  const languages = [...new Set([...answer.languages, ...CONSOLE])];
  return {
    sides: await Promise.all(languages.map((language) => side(answer, language, means))),
    icon: answer.icon && shown(answer.icon, means),
    screenshots: answer.screenshots.map((picture) => shown(picture, means)),
    missing: answer.missing.map(({ field, message }) => ({
      text: message,
      ...(!FILES.includes(field) && { field }),
    })),
    base,
    loadsRemote,
    words: words(t),
  };
}

/** The words around the texts: Chinese for Chinese, English for every other language. */
const labelsIn = (language: string) => (language === 'zh' ? LABELS.zh : LABELS.en);

/** As the console takes it: what there is not in a language is shown in English. */
function inLanguage<T>(texts: ByLanguage<T> | undefined, language: string): T | undefined {
  return texts?.[language] ?? texts?.en;
}

async function side(answer: MarketplaceAnswer, language: string, { render }: Means): Promise<Side> {
  const labels = labelsIn(language);
  const [readme, changelog] = [answer.readme[language], answer.changelog[language]];
  return {
    language,
    tag: language === 'zh' ? 'zh-CN' : language,
    title: new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language,
    name: inLanguage(answer.displayName, language) ?? '',
    description: inLanguage(answer.description, language) ?? '',
    provider: inLanguage(answer.provider, language)?.name ?? '',
    category: inLanguage(answer.categoryTitle, language) ?? answer.category ?? '',
    version: answer.version ?? '',
    facts: facts(answer, language),
    readme: readme ? await render(readme) : '',
    changelog: changelog ? await render(changelog) : '',
    labels,
  };
}

function facts(answer: MarketplaceAnswer, language: string): Fact[] {
  const labels = labelsIn(language);
  const { category, categoryTitle, keywords, installationMode, dependencies } = answer;
  const texts = (...all: (string | undefined)[]) =>
    all.filter((text) => text).map((text) => ({ text: text as string }));
  const modes: Record<string, string> = labels.modes;
  const link = (text: string, address: string | undefined) => (address ? [{ text, ...href(address) }] : []);
  const all: Fact[] = [
    { label: labels.version, items: texts(answer.version) },
    { label: labels.provider, items: person(inLanguage(answer.provider, language)) },
    { label: labels.category, items: texts(inLanguage(categoryTitle, language) ?? category) },
    { label: labels.keywords, items: texts(...keywords), isTags: true },
    { label: labels.kubernetes, items: texts(answer.kubeVersion) },
    { label: labels.kubesphere, items: texts(answer.ksVersion) },
    { label: labels.mode, items: texts(installationMode && (modes[installationMode] ?? installationMode)) },
    { label: labels.namespace, items: texts(answer.namespace) },
    {
      label: labels.dependencies,
      items: texts(
        ...dependencies.map(({ name, version, tags }) => [name, version, tags.join(', ')].filter(Boolean).join(' · ')),
      ),
    },
    {
      label: labels.links,
      items: [
        ...link(labels.home, answer.home),
        ...link(labels.docs, answer.docs),
        ...answer.sources.flatMap((source) => link(labels.source, source)),
      ],
    },
    { label: labels.maintainers, items: answer.maintainers.flatMap(person) },
  ];
  return all.filter(({ items }) => items.length > 0);
}

function person(who: Person | undefined): Item[] {
  const { name, url, email }: Partial<Person> = who ?? {};
  const first = name || url || email;
  if (!first) return [];
  const mail = email && email !== first ? [{ text: email, ...href(`mailto:${email}`) }] : [];
  return [{ text: first, ...(url && href(url)) }, ...mail];
}

/** Addresses that a reader may follow; any other is text. */
function href(address: string): { href?: string } {
  return /^(https?:\/\/|mailto:)/i.test(address) ? { href: address } : {};
}

function shown({ text, uri, data, missing }: Picture, { address, loadsRemote }: Means): Shown {
  if (data?.startsWith('data:image/')) return { text, state: 'shown', address: data };
  if (missing || !uri) return { text, state: 'missing' };
  if (!/^https?:/i.test(uri)) return { text, state: 'shown', address: address(uri) };
  return loadsRemote ? { text, state: 'shown', address: uri } : { text, state: 'remote' };
}

/** Texts around the page. */
function words(t: Translate): Record<string, string> {
  return {
    title: t('As the Marketplace will show it'),
    about: t('Names, texts and pictures are those of the package; how the Marketplace arranges them may change.'),
    language: t('Language'),
    card: t('In the list'),
    page: t('On its own page'),
    oneMissing: t('1 thing is missing'),
    missing: t('{n} things are missing'),
    complete: t('Nothing is missing.'),
    noName: t('(no name)'),
    noDescription: t('(no description)'),
    noProvider: t('(no provider)'),
    noCategory: t('(no category)'),
    noIcon: t('no icon'),
    onTheWeb: t('on the web'),
    noScreenshots: t('(no screenshots)'),
    noText: t('(this text is missing)'),
    notFound: t('{n} is not there'),
    notLoaded: t('{n} is on the web and not loaded'),
    remote: t('Pictures on the web are not loaded: their servers would learn of this preview.'),
    load: t('Load Them'),
    enlarge: t('Enlarge {n}'),
    close: t('Close'),
    previous: t('Previous'),
    next: t('Next'),
  };
}
