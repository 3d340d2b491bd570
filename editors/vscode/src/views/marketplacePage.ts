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

type Language = 'en' | 'zh';
type Both<T> = Partial<Record<Language, T>>;

export interface Provider {
  name?: string;
  url?: string;
  email?: string;
}

/** As `ksext.marketplace` answers. */
export interface MarketplaceAnswer {
  root: string;
  name?: string;
  version?: string;
  languages?: Language[];
  displayName?: Both<string>;
  description?: Both<string>;
  provider?: Both<Provider>;
  icon?: Picture;
  screenshots?: Picture[];
  category?: string;
  categoryTitle?: Both<string>;
  keywords?: string[];
  maintainers?: Provider[];
  home?: string;
  docs?: string;
  sources?: string[];
  kubeVersion?: string;
  ksVersion?: string;
  installationMode?: string;
  namespace?: string;
  dependencies?: { name: string; version?: string; tags?: string[] }[];
  /** Markdown. */
  readme?: Both<string>;
  changelog?: Both<string>;
  missing?: { field: string; language?: Language; message: string }[];
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
  language: Language;
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
  missing: { field: string; text: string; language?: Language }[];
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
    tag: 'en',
    title: 'English',
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
    tag: 'zh-CN',
    title: '中文',
    version: '版本',
    provider: '服务商',
    category: '分类',
    keywords: '关键词',
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

export async function marketplacePage(answer: MarketplaceAnswer, means: Means): Promise<MarketplacePage> {
  const { t, base, loadsRemote } = means;
  const languages: Language[] = answer.languages?.length ? answer.languages : ['en', 'zh'];
  return {
    sides: await Promise.all(languages.map((language) => side(answer, language, means))),
    icon: answer.icon && shown(answer.icon, means),
    screenshots: (answer.screenshots ?? []).map((picture) => shown(picture, means)),
    missing: (answer.missing ?? []).map(({ field, language, message }) => ({
      field,
      text: message,
      ...(language && { language }),
    })),
    base,
    loadsRemote,
    words: words(t),
  };
}

async function side(answer: MarketplaceAnswer, language: Language, { render }: Means): Promise<Side> {
  const labels = LABELS[language];
  const { readme, changelog } = answer;
  return {
    language,
    tag: labels.tag,
    title: labels.title,
    name: answer.displayName?.[language] ?? '',
    description: answer.description?.[language] ?? '',
    provider: answer.provider?.[language]?.name ?? '',
    category: answer.categoryTitle?.[language] ?? answer.category ?? '',
    version: answer.version ?? '',
    facts: facts(answer, language),
    readme: readme?.[language] ? await render(readme[language]) : '',
    changelog: changelog?.[language] ? await render(changelog[language]) : '',
    labels,
  };
}

function facts(answer: MarketplaceAnswer, language: Language): Fact[] {
  const labels = LABELS[language];
  const { category, categoryTitle, keywords, installationMode, dependencies } = answer;
  const texts = (...all: (string | undefined)[]) =>
    all.filter((text) => text).map((text) => ({ text: text as string }));
  const modes: Record<string, string> = labels.modes;
  const link = (text: string, address: string | undefined) => (address ? [{ text, ...href(address) }] : []);
  const all: Fact[] = [
    { label: labels.version, items: texts(answer.version) },
    { label: labels.provider, items: person(answer.provider?.[language]) },
    { label: labels.category, items: texts(categoryTitle?.[language] ?? category) },
    { label: labels.keywords, items: texts(...(keywords ?? [])), isTags: true },
    { label: labels.kubernetes, items: texts(answer.kubeVersion) },
    { label: labels.kubesphere, items: texts(answer.ksVersion) },
    { label: labels.mode, items: texts(installationMode && (modes[installationMode] ?? installationMode)) },
    { label: labels.namespace, items: texts(answer.namespace) },
    {
      label: labels.dependencies,
      items: texts(
        ...(dependencies ?? []).map(({ name, version, tags }) =>
          [name, version, tags?.join(', ')].filter(Boolean).join(' · '),
        ),
      ),
    },
    {
      label: labels.links,
      items: [
        ...link(labels.home, answer.home),
        ...link(labels.docs, answer.docs),
        ...(answer.sources ?? []).flatMap((source) => link(labels.source, source)),
      ],
    },
    { label: labels.maintainers, items: (answer.maintainers ?? []).flatMap(person) },
  ];
  return all.filter(({ items }) => items.length > 0);
}

function person(provider: Provider | undefined): Item[] {
  const { name, url, email } = provider ?? {};
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
