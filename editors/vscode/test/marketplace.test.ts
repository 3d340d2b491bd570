/** The Marketplace's page of a package. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type MarketplaceAnswer, marketplacePage } from '../src/views/marketplacePage';
import { english } from '../src/words';
import { addressOf, targetOf, withoutInline } from '../webview/links';

const NOTHING: MarketplaceAnswer = {
  languages: [],
  displayName: {},
  description: {},
  provider: {},
  screenshots: [],
  keywords: [],
  maintainers: [],
  sources: [],
  dependencies: [],
  readme: {},
  changelog: {},
  missing: [],
};

const page = (answer: Partial<MarketplaceAnswer>, loadsRemote = false) =>
  marketplacePage(
    { ...NOTHING, ...answer },
    {
      t: english,
      base: 'https://files',
      loadsRemote,
      address: (uri) => `at ${uri}`,
      render: async (text) => `<p>${text}</p>`,
    },
  );

test('each language has its texts, and English where it has none, as in the console', async () => {
  const { sides } = await page({
    languages: ['zh', 'en'],
    displayName: { zh: '示例', en: 'Demo' },
    description: { en: 'An example' },
    provider: { zh: { name: '示例公司' }, en: { name: 'Example Inc.' } },
    categoryTitle: { zh: '开发者工具', en: 'DevTools' },
    readme: { zh: '# 示例', en: '# Demo' },
  });
  assert.deepEqual(
    sides.map((side) => [side.title, side.name, side.description, side.provider, side.category, side.readme]),
    [
      ['中文', '示例', 'An example', '示例公司', '开发者工具', '<p># 示例</p>'],
      ['English', 'Demo', 'An example', 'Example Inc.', 'DevTools', '<p># Demo</p>'],
    ],
  );
  assert.equal(sides[0]?.labels.details, '详情');
});

test('a package that says nothing at all has a page too', async () => {
  const { sides, icon, screenshots } = await page({});
  assert.deepEqual(
    sides.map(({ language, name, facts }) => [language, name, facts]),
    [
      ['en', '', []],
      ['zh', '', []],
    ],
  );
  assert.deepEqual([icon, screenshots], [undefined, []]);
});

test('a language that the console does not have is shown with English around it', async () => {
  const { sides } = await page({ languages: ['de'], displayName: { de: 'Beispiel' } });
  assert.deepEqual(
    sides.map(({ title, name, labels }) => [title, name, labels.details]),
    [
      ['Deutsch', 'Beispiel', 'Details'],
      ['English', '', 'Details'],
      ['中文', '', '详情'],
    ],
  );
});

test('pictures on the web are loaded only when that is wanted', async () => {
  const screenshots = [
    { text: './a.png', uri: 'file:///demo/a.png' },
    { text: './b.png', uri: 'file:///demo/b.png', missing: true },
    { text: '../c.png' },
    { text: 'https://example.com/d.png', uri: 'https://example.com/d.png' },
    { text: 'data:image/png;base64,AA==', data: 'data:image/png;base64,AA==' },
    { text: 'data:text/html,x', data: 'data:text/html,x' },
  ];
  const states = async (loadsRemote: boolean) =>
    (await page({ screenshots }, loadsRemote)).screenshots.map(({ state, address }) => [state, address]);
  const before = await states(false);
  assert.deepEqual(before, [
    ['shown', 'at file:///demo/a.png'],
    ['missing', undefined],
    ['missing', undefined],
    ['remote', undefined],
    ['shown', 'data:image/png;base64,AA=='],
    ['missing', undefined],
  ]);
  assert.deepEqual((await states(true))[3], ['shown', 'https://example.com/d.png']);
});

test('only addresses of pages and of people are links', async () => {
  const { sides } = await page({
    languages: ['en'],
    provider: { en: { name: 'Example', url: 'javascript:alert(1)', email: 'a@example.com' } },
    home: 'https://example.com',
    docs: 'file:///etc/passwd',
    maintainers: [{ name: '' }],
  });
  const facts = sides[0]?.facts.map(({ label, items }) => [label, items]);
  assert.deepEqual(facts, [
    ['Provider', [{ text: 'Example' }, { text: 'a@example.com', href: 'mailto:a@example.com' }]],
    ['Links', [{ text: 'Home page', href: 'https://example.com' }, { text: 'Documentation' }]],
  ]);
});

test('what is missing leads to its field, unless it is a file', async () => {
  const missing = [
    { field: 'screenshots[0]', message: 'there is no file `a.png`' },
    { field: 'readme', language: 'zh', message: 'there is no README' },
  ];
  assert.deepEqual((await page({ missing })).missing, [
    { field: 'screenshots[0]', text: 'there is no file `a.png`' },
    { text: 'there is no README' },
  ]);
});

test('links of a README stay in the package or lead to the web', () => {
  const targets: [string, object][] = [
    ['https://example.com/a', { kind: 'web', address: 'https://example.com/a' }],
    ['mailto:a@example.com', { kind: 'web', address: 'mailto:a@example.com' }],
    ['//example.com/a.png', { kind: 'web', address: 'https://example.com/a.png' }],
    ['./docs/../static/a%20b.png?raw=true#x', { kind: 'file', path: 'static/a b.png' }],
    ['图片/截图.png', { kind: 'file', path: '图片/截图.png' }],
    ['#%E9%85%8D%E7%BD%AE', { kind: 'heading', id: '配置' }],
    ['data:image/png;base64,AA==', { kind: 'data', address: 'data:image/png;base64,AA==' }],
    ['../outside.png', { kind: 'none' }],
    ['a/%2e%2e/%2e%2e/outside.png', { kind: 'none' }],
    ['/etc/passwd', { kind: 'none' }],
    ['..\\outside.png', { kind: 'none' }],
    ['javascript:alert(1)', { kind: 'none' }],
    ['command:workbench.action.quit', { kind: 'none' }],
    ['vscode://ksext.ksext', { kind: 'none' }],
    ['data:text/html,x', { kind: 'none' }],
    ['%E0%A4%A', { kind: 'file', path: '%E0%A4%A' }],
    ['', { kind: 'none' }],
  ];
  for (const [written, expected] of targets) assert.deepEqual(targetOf(written), expected, written);
  assert.equal(addressOf('https://files/', '图片/a b.png'), 'https://files/%E5%9B%BE%E7%89%87/a%20b.png');
});

test('inline handlers and styles go, texts about them stay', () => {
  const html: [string, string][] = [
    ['<img src="x" onerror="alert(1)">', '<img src="x">'],
    ['<p style=\'color: red\' title="a > b">x</p>', '<p title="a > b">x</p>'],
    ['<p>use style="x" and onclick="y"</p>', '<p>use style="x" and onclick="y"</p>'],
    ['<a\nonclick=x() href="y">z</a>', '<a href="y">z</a>'],
  ];
  for (const [written, expected] of html) assert.equal(withoutInline(written), expected);
});
