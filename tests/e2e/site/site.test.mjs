/** The website, as somebody reads it. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { allPages, BASE, HOSTS, isLeftOut, pathOf, REPOSITORY, ROOT } from '../../../server/docs/site/pages.mjs';
import { launchBrowser } from '../support/browser.mjs';
import { Machine } from '../support/machine.mjs';
import { SHOTS } from '../support/programs.mjs';
import { serveSite } from './serve.mjs';

const PHONE = { viewport: { width: 390, height: 844 } };

/** The checker of accessibility, as a script for a page. */
const AXE = createRequire(join(ROOT, 'server/docs/site/package.json')).resolve('axe-core/axe.min.js');

/** What it checks: WCAG 2.2, levels A and AA. VitePress's button for the search shows its keys beside its name. */
const CHECKED = {
  light: {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'label-content-name-mismatch': { enabled: false } },
  },
  dark: { runOnly: { type: 'rule', values: ['color-contrast'] } },
};

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
before(async () => {
  [browser, site] = await Promise.all([launchBrowser(), serveSite()]);
});
after(async () => {
  await browser?.close();
  site?.close();
});

/**
 * A page of the site. What the browser complains about, and whatever is asked of another host, fails the test.
 * @param {import('node:test').TestContext} t
 * @param {string} path below the front page
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function open(t, path, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('request', (request) => request.url().startsWith(site.url) || complaints.push(`asks ${request.url()}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(site.url + path);
  // Its scripts have started: what is pressed does something.
  await page.waitForFunction(() => '__vue_app__' in (document.querySelector('#app') ?? {}));
  return page;
}

/**
 * Saves what is seen of a page without scrolling, as `target/e2e/site/NAME.png`.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function shoot(page, name) {
  await mkdir(join(SHOTS, 'site'), { recursive: true });
  await page.screenshot({ path: join(SHOTS, 'site', `${name}.png`) });
}

/** @param {import('playwright-core').Page} page */
const heading = (page) => page.getByRole('main').getByRole('heading', { level: 1 });

/** Where a page stands on the site. @param {import('playwright-core').Page} page */
const place = (page) => page.url().slice(site.url.length);

test('every Markdown page of the repository is on the site, or meant not to be', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT });
  const files = listed.toString().split('\n').filter(Boolean);
  const shown = new Set(allPages().map(({ file }) => file));
  const places = allPages().map(pathOf);
  assert.deepEqual(places.filter((it, index) => places.indexOf(it) !== index), [], 'each has a place of its own');
  const missing = files.filter((file) => !shown.has(file) && !isLeftOut(file));
  assert.deepEqual(missing, [], 'list them in server/docs/site/pages.json');
});

test('the front page is there in both languages, and the switch leads to the same page in the other', async (t) => {
  const page = await open(t, '');
  assert.equal(await page.title(), 'ksext');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.match((await page.locator('meta[name=description]').getAttribute('content')) ?? '', /KubeSphere/);
  assert.ok(await page.getByRole('img', { name: 'ksext check in a terminal' }).first().isVisible());
  await shoot(page, 'front-en');

  await page.goto(`${site.url}reference/settings`);
  await page.getByRole('button', { name: /language/ }).hover();
  await page.getByRole('link', { name: '简体中文' }).click();
  await page.waitForURL(/zh/);
  assert.equal(place(page), 'zh/reference/settings');
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  assert.equal(await page.title(), '设置 | ksext');
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.getByRole('button', { name: '切换语言' }).hover();
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL((url) => !url.pathname.includes('/zh/'));
  assert.equal(place(page), 'reference/settings');

  await page.goto(`${site.url}zh/`);
  assert.match((await page.locator('meta[name=description]').getAttribute('content')) ?? '', /扩展组件/);
  await shoot(page, 'front-zh');
});

test('a page that is there in English alone says so in Chinese', async (t) => {
  const page = await open(t, 'zh/decisions/0001-own-yaml-reader');
  assert.ok(await page.getByText('本页尚无中文版').isVisible());
  assert.equal(await heading(page).evaluate((it) => it.closest('[lang]')?.getAttribute('lang')), 'en');
});

for (const [language, path, words, expected] of /** @type {const} */ ([
  ['English', '', 'missing-icon', 'reference/rules/missing-icon'],
  ['English', '', 'otherYamlServer', 'editors/'],
  ['Chinese', 'zh/', '截图', 'zh/reference/rules/missing-screenshot'],
  ['Chinese', 'zh/', '大小上限', 'zh/reference/settings'],
])) {
  test(`the search finds “${words}”, by keyboard alone (${language})`, async (t) => {
    const page = await open(t, path);
    await page.keyboard.press('Control+k');
    const search = page.getByRole('searchbox');
    await search.fill(words);
    const results = page.getByRole('listbox').getByRole('option');
    await results.first().waitFor();
    const links = await results.getByRole('link').evaluateAll((all) => all.map((it) => it.getAttribute('href') ?? ''));
    const found = links.map((link) => link.slice(BASE.length).split('#')[0]);
    assert.ok(found.includes(expected), `${expected} is not among ${found.join(', ')}`);
    await shoot(page, `search-${words}`);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === links[0].split('#')[0]);
    await heading(page).waitFor();
  });
}

test('the search says in Chinese that it found nothing', async (t) => {
  const page = await open(t, 'zh/');
  await page.getByRole('button', { name: '搜索' }).click();
  await page.getByRole('searchbox').fill('没有人写过的词');
  await page.getByText('没有找到').waitFor();
});

test("a finding's link leads to its rule, in the repository and on the site", async (t) => {
  const machine = await Machine.new(t);
  const demo = await machine.package('demo', 'broken-missing-icon');
  const { stdout } = await machine.run(['check', '--format', 'sarif', demo]);
  /** @type {{ id: string, helpUri: string }[]} */
  const rules = JSON.parse(stdout).runs[0].tool.driver.rules;
  const found = rules.map(({ id, helpUri }) => {
    const [file, anchor] = helpUri.replace(`${REPOSITORY}/blob/main/`, '').split('#');
    assert.equal(anchor, id);
    return allPages().find((it) => it.file === file && it.section === anchor) ?? assert.fail(helpUri);
  });
  assert.ok(found.length > 50);
  const page = await open(t, pathOf(found[0]).slice(1));
  assert.equal(await page.title(), `${rules[0].id} | ksext`);
  const source = page.getByRole('link', { name: 'This page in the repository' });
  assert.equal(await source.getAttribute('href'), rules[0].helpUri.split('#')[0]);
});

test('from the table of rules to a rule, and its example is copied', async (t) => {
  const page = await open(t, 'zh/reference/rules/', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('table').getByRole('link', { name: 'missing-icon', exact: true }).click();
  await page.waitForURL(/missing-icon/);
  assert.equal(place(page), 'zh/reference/rules/missing-icon');
  const block = page.locator('div[class*=language-]').first();
  await block.hover();
  await block.getByRole('button').click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), (await block.locator('code').innerText()).trim());
  await shoot(page, 'rule-zh');
});

test('no page is wider than a phone, and its menu opens', async (t) => {
  const page = await open(t, '', PHONE);
  const paths = ['', 'editors/', 'reference/rules/', 'reference/cli', 'reference/settings', 'architecture', 'zh/', 'zh/reference/capabilities'];
  for (const path of paths) {
    await page.goto(site.url + path);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.viewport.width, path);
  }
  await page.goto(`${site.url}reference/rules/`);
  await shoot(page, 'phone-rules');
  await page.goto(`${site.url}zh/editors/vscode`);
  await shoot(page, 'phone-vscode-zh');
  await page.getByRole('button', { name: '目录' }).click();
  await page.getByRole('link', { name: '设置', exact: true }).click();
  await page.waitForURL(/zh\/reference\/settings/);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`everybody can read it (${colorScheme})`, async (t) => {
    const page = await open(t, '', { colorScheme });
    for (const path of ['', 'editors/neovim', 'reference/settings', 'zh/reference/rules/missing-icon', 'zh/architecture']) {
      await page.goto(site.url + path);
      await page.addScriptTag({ path: AXE });
      const { violations } = await page.evaluate((checked) => /** @type {any} */ (globalThis).axe.run(checked), CHECKED[colorScheme]);
      const said = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 5).map(({ html }) => html.slice(0, 160)).join('\n    ')}`);
      assert.deepEqual(said, [], path);
    }
    await shoot(page, `${colorScheme}-architecture-zh`);
    await page.goto(`${site.url}zh/editors/vscode`);
    await shoot(page, `${colorScheme}-vscode-zh`);
  });
}

test('by keyboard, the first stop leads past the navigation', async (t) => {
  const page = await open(t, 'reference/settings');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  assert.ok(await skip.evaluate((it) => it === document.activeElement));
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('#VPContent').evaluate((it) => it === document.activeElement));
});

test('the schemas are on the site', async () => {
  const names = (await readdir(join(ROOT, 'schemas'))).filter((name) => name.endsWith('.json'));
  assert.ok(names.length > 1);
  for (const name of names) {
    const served = await fetch(`${site.url}schemas/${name}`);
    assert.equal(served.headers.get('content-type'), 'application/json');
    assert.equal(await served.text(), await readFile(join(ROOT, 'schemas', name), 'utf8'));
  }
});

test('what is not there says so', async () => {
  for (const url of [`${site.url}no-such-page`, new URL('/', site.url)]) {
    const answer = await fetch(url);
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /<title>404 \| ksext/);
  }
});

test('every link, anchor and picture of every page leads to something', async (t) => {
  const page = await open(t, '');
  const paths = allPages().map((it) => pathOf(it).slice(1));
  const pages = await page.evaluate(readAll, { base: site.url, paths });
  const byUrl = new Map(pages.map((it) => [it.url, it]));
  const files = new Map();
  const faults = [];
  for (const { url, links } of pages) {
    for (const link of links) {
      const { origin, host, protocol } = new URL(link);
      const [target, anchor] = link.split('#');
      const known = byUrl.get(target);
      if (!link.startsWith(site.url)) {
        if (origin === new URL(site.url).origin || protocol !== 'https:' || !HOSTS.includes(host)) faults.push(`${url}: ${link}`);
      } else if (anchor) {
        if (!known?.anchors.includes(decodeURIComponent(anchor))) faults.push(`${url}: no anchor ${link}`);
      } else if (!known) {
        if (!files.has(target)) files.set(target, (await fetch(target)).status);
        if (files.get(target) !== 200) faults.push(`${url}: ${link}`);
      }
    }
  }
  assert.ok(pages.flatMap(({ links }) => links).length > 1000);
  assert.deepEqual([...new Set(faults)], []);
});

/**
 * Runs in the browser: reads pages as they were built, each with its anchors and what it leads to.
 * @param {{ base: string, paths: string[] }} what
 */
async function readAll({ base, paths }) {
  const pages = [];
  for (const path of paths) {
    const url = base + path;
    const read = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
    const named = (/** @type {string} */ attribute) =>
      [...read.querySelectorAll(`[${attribute}]`)].map((it) => new URL(it.getAttribute(attribute) ?? '', url).href);
    const anchors = [...read.querySelectorAll('[id]')].map(({ id }) => id);
    pages.push({ url, anchors, links: [...new Set([...named('href'), ...named('src')])] });
  }
  return pages;
}
