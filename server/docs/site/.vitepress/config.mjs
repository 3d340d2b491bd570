/** The site's settings for VitePress. What is in it stands in `pages.json`. */

import { join } from 'node:path';

import { slug } from 'github-slugger';

import { BASE, BUILT, groups, LANGUAGES, pathOf, REPOSITORY, ROOT, SITE, STAGED } from '../pages.mjs';
import { CHINESE, CHINESE_SEARCH } from './chinese.mjs';
import { asOnSite } from './markdown.mjs';
import { tokenize } from './search.mjs';

const ICON = '/editors/vscode/images/icon.svg';

/** @param {import('../pages.mjs').Page} page */
const item = (page) => ({
  text: page.title,
  link: pathOf(page),
  ...(page.below.length > 0 && { collapsed: true, items: page.below.map(item) }),
});

/** @param {import('../pages.mjs').Language} language */
const sidebar = (language) => groups(language).map(({ title, pages }) => ({ text: title, items: pages.map(item) }));

/** @type {import('vitepress').UserConfig<import('vitepress').DefaultTheme.Config>} */
export default {
  title: 'ksext',
  base: BASE,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: BASE + ICON.slice(1) }]],
  cleanUrls: true,
  srcDir: STAGED,
  outDir: BUILT,
  cacheDir: join(ROOT, 'target', 'site', 'cache'),
  sitemap: { hostname: SITE },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: sidebar(LANGUAGES[0]) } },
    zh: { label: '简体中文', lang: 'zh-CN', themeConfig: { sidebar: sidebar(LANGUAGES[1]), ...CHINESE } },
  },
  markdown: {
    anchor: { slugify: slug },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // What the pages call these, and Shiki otherwise or not at all.
    languageAlias: { console: 'shellsession', elisp: 'emacs-lisp', kak: 'sh' },
    config: asOnSite,
  },
  themeConfig: {
    logo: ICON,
    search: {
      provider: 'local',
      options: {
        locales: { zh: { translations: CHINESE_SEARCH } },
        miniSearch: { options: { tokenize }, searchOptions: { combineWith: 'AND' } },
      },
    },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: ({ frontmatter }) => frontmatter.source, text: 'This page in the repository' },
    notFound: {
      title: 'There is no such page',
      quote: 'The address may be wrong, or the page has moved.',
      linkLabel: 'To the front page',
      linkText: 'Front page',
    },
  },
};
