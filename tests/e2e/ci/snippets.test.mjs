/** What `server/docs/ci.md` shows for build servers, run as those run it. */

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { KEY, Machine, program, temporaryFolder } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { PAGES, withTables } from './page.mjs';
import { runAction } from './runner.mjs';
import { fromJunit, fromYaml, runLogged, VERSION } from './tools.mjs';

/** @typedef {import('./page.mjs').Page} Page */

const pages = /** @type {Page[]} */ (Object.keys(PAGES));
const [ENGLISH, CHINESE] = pages;

/** What a page tells to write into a file. @param {Page} page @param {string} name */
async function shown(page, name) {
  const text = await readFile(join(ROOT, page), 'utf8');
  const block = text.split(`<!-- file: ${name} -->\n`)[1]?.match(/^```\w+\n(.*?)^```$/ms)?.[1];
  if (!block) throw new Error(`${page} shows no ${name}`);
  return block;
}

/** A user's machine that is a build server: the repository is one package. */
class BuildServer {
  /** @param {import('node:test').TestContext} t @param {string} fixture @param {string[]} [sandbox] */
  static async new(t, fixture, sandbox = ['--review', 'approve']) {
    const machine = await Machine.new(t);
    const folder = await machine.package('checkout', fixture);
    const server = await machine.sandbox(t, ['--token', KEY, ...sandbox]);
    return new BuildServer(machine, folder, server, fixture);
  }

  /** @param {Machine} machine @param {string} folder @param {string} server @param {string} fixture */
  constructor(machine, folder, server, fixture) {
    this.fixture = fixture;
    this.machine = machine;
    this.folder = folder;
    this.server = server;
    this.withProgram = { PATH: `${dirname(program())}:${process.env.PATH}` };
  }

  /**
   * Runs a script with a shell.
   * @param {string[]} shell
   * @param {string} script
   * @param {NodeJS.ProcessEnv} env
   */
  run([shell, ...options], script, env) {
    const all = { ...this.machine.env, KSEXT_SERVER: this.server, KSEXT_TOKEN: KEY, ...env };
    return runLogged(shell, [...options, '-c', script], { cwd: this.folder, env: all });
  }

  /** @param {string} name */
  read(name) {
    return readFile(join(this.folder, name), 'utf8');
  }

  /** What lies in the checkout now and did not before, all of which a push may pack. */
  async added() {
    const list = async (/** @type {string} */ folder) => (await readdir(folder, { recursive: true })).sort();
    const before = new Set(await list(join(ROOT, 'tests', 'fixtures', this.fixture)));
    return (await list(this.folder)).filter((path) => !before.has(path));
  }

  /** What the cloud has, as names with versions. */
  async there() {
    await this.machine.logIn(this.server);
    const { extensions } = await this.machine.json(['list']);
    return extensions.map((/** @type {any} */ one) => `${one.name} ${one.latestVersion ?? one.status}`);
  }
}

/** @param {{ code: number | null, log: string }} output @param {number} expected */
function ended({ code, log }, expected) {
  assert.equal(code, expected, log);
  assert.ok(!log.includes(KEY), log);
  return log;
}

test('the tables of both pages are those of action.yml', async () => {
  for (const page of pages) {
    const text = await readFile(join(ROOT, page), 'utf8');
    assert.equal(text, await withTables(page, text), `${page}: run \`cargo xtask gen\``);
  }
});

test('both pages show the same', async () => {
  for (const name of ['Jenkinsfile', 'ci.sh']) assert.equal(await shown(ENGLISH, name), await shown(CHINESE, name));
  for (const name of ['.gitlab-ci.yml', '.pre-commit-config.yaml']) {
    assert.deepEqual(await fromYaml(await shown(ENGLISH, name)), await fromYaml(await shown(CHINESE, name)));
  }
  const [english, chinese] = await Promise.all(pages.map(async (page) => fromYaml(await shown(page, '.github/workflows/ksext.yml'))));
  const { lang, ...inputs } = chinese.jobs.ksext.steps[1].with;
  assert.equal(lang, 'zh');
  chinese.jobs.ksext.steps[1].with = inputs;
  assert.deepEqual(chinese, english);
});

test('the hooks that are shown are there', async () => {
  const config = await fromYaml(await shown(ENGLISH, '.pre-commit-config.yaml'));
  const hooks = await fromYaml(await readFile(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
  const ids = (/** @type {any[]} */ list) => list.map(({ id }) => id).sort();
  assert.deepEqual(ids(config.repos[0].hooks), ids(hooks));
  assert.equal(config.repos[0].rev, `v${VERSION}`);
});

test('GitHub: the workflow pushes from a tag, with the permissions that its inputs need', async (t) => {
  const workflow = await fromYaml(await shown(ENGLISH, '.github/workflows/ksext.yml'));
  const { permissions, steps } = workflow.jobs.ksext;
  assert.deepEqual(permissions, { contents: 'read', 'pull-requests': 'write', 'security-events': 'write' });
  const [checkout, own] = steps;
  assert.equal(own.uses, `ksext/ksext@v${VERSION}`);
  assert.match(checkout.uses, /^actions\/checkout@[0-9a-f]{40}$/);
  const build = await BuildServer.new(t, 'demo');
  const given = Object.entries(own.with).map(([name, value]) => [name, String(value).replace('${{ secrets.KSEXT_TOKEN }}', KEY)]);
  const temporary = join(build.machine.home, 'runner');
  await mkdir(temporary);
  const result = await runAction({
    inputs: Object.fromEntries(given),
    env: {
      ...build.machine.env,
      ...build.withProgram,
      KSEXT_SERVER: build.server,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REF_NAME: 'v0.1.0',
    },
    workspace: build.folder,
    temporary,
    secrets: [KEY],
  });
  assert.equal(result.succeeded, true, result.log);
  assert.equal(result.used.length, 1);
  assert.deepEqual(await build.there(), ['demo 0.1.0']);
  assert.deepEqual(await build.added(), []);
});

/** A job of GitLab: `before_script` and `script` in one bash, as its runner's shell executor does. */
class GitLab {
  /** @param {BuildServer} build @param {any} config @param {string} releases */
  constructor(build, config, releases) {
    this.build = build;
    this.config = config;
    this.releases = releases;
  }

  /** @param {import('node:test').TestContext} t @param {BuildServer} build */
  static async new(t, build) {
    const installer = `set -eu\nln -sf '${program()}' "$KSEXT_INSTALL_DIR/ksext"\n`;
    const server = createServer((request, response) => {
      const isThere = request.url === `/v${VERSION}/ksext-installer.sh`;
      response.writeHead(isThere ? 200 : 404).end(isThere ? installer : '');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    t.after(() => server.close());
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return new GitLab(build, await fromYaml(await shown(ENGLISH, '.gitlab-ci.yml')), `http://127.0.0.1:${port}`);
  }

  /** @param {string} name @param {Record<string, string>} [variables] */
  async job(name, variables = {}) {
    const given = Object.entries({ ...this.config.variables, KSEXT_BASE_URL: this.releases });
    const expanded = given.map(([key, value]) => [key, value.replaceAll('$CI_PROJECT_DIR', this.build.folder)]);
    const env = { ...Object.fromEntries(expanded), CI: 'true', CI_PROJECT_DIR: this.build.folder, ...variables };
    // The trace is what CI_DEBUG_TRACE does.
    const bash = ['bash', '-x', '-eo', 'pipefail'];
    const { script, after_script: after = [] } = this.config[name];
    const output = await this.build.run(bash, [...this.config.default.before_script, ...script].join('\n'), env);
    const last = await this.build.run(bash, after.join('\n'), env);
    assert.equal(last.code, 0, last.log);
    return { ...output, log: output.log + last.log };
  }
}

test('GitLab: a job writes the reports that GitLab shows, and fails for findings', async (t) => {
  const build = await BuildServer.new(t, 'broken-missing-icon');
  const gitlab = await GitLab.new(t, build);
  const log = ended(await gitlab.job('ksext-check'), 1);
  assert.match(log, /missing-icon/);
  const { artifacts } = gitlab.config['ksext-check'];
  assert.equal(artifacts.when, 'always');

  const issues = JSON.parse(await build.read(artifacts.reports.codequality));
  const icon = issues.find((/** @type {any} */ issue) => issue.check_name === 'missing-icon');
  assert.deepEqual([icon.severity, icon.location], ['critical', { path: 'extension.yaml', lines: { begin: 18 } }]);
  for (const issue of issues) assert.match(issue.fingerprint, /^[0-9a-f]{64}$/);
  const [suite] = await fromJunit(await build.read(artifacts.reports.junit));
  const failed = suite.cases.filter((one) => one.failure);
  assert.deepEqual(failed.map((one) => [one.name, one.file]), [['missing-icon', 'extension.yaml']]);
  for (const path of artifacts.paths) assert.match(await build.read(path), /^\| Package \| Size \| Limit \| Used \|\n/);
});

test('GitLab: a tag pushes its version, another is refused', async (t) => {
  const build = await BuildServer.new(t, 'demo');
  const gitlab = await GitLab.new(t, build);
  assert.deepEqual(gitlab.config['ksext-push'].rules, [{ if: '$CI_COMMIT_TAG' }]);
  ended(await gitlab.job('ksext-check'), 0);
  // Each job has a checkout of its own, without what others have left.
  assert.deepEqual(gitlab.config['ksext-push'].needs, [{ job: 'ksext-check', artifacts: false }]);
  for (const report of ['ksext-quality.json', 'ksext-junit.xml', 'ksext-size.md']) await rm(join(build.folder, report));
  const refused = ended(await gitlab.job('ksext-push', { CI_COMMIT_TAG: 'v0.2.0' }), 3);
  assert.match(refused, /the tag `v0\.2\.0` does not name version 0\.1\.0/);
  assert.deepEqual(await build.there(), []);
  ended(await gitlab.job('ksext-push', { CI_COMMIT_TAG: 'v0.1.0' }), 0);
  assert.deepEqual(await build.there(), ['demo 0.1.0']);
  assert.deepEqual(await build.added(), []);
});

test('Jenkins: the stages check, write JUnit XML and push from a tag', async (t) => {
  const pipeline = await shown(ENGLISH, 'Jenkinsfile');
  const [check, push, ...others] = [...pipeline.matchAll(/\bsh '''(.*?)'''/gs)].map((match) => match[1]);
  assert.deepEqual([others, (pipeline.match(/\bsh\b/g) ?? []).length], [[], 2]);
  assert.match(pipeline, /withCredentials\(\[string\(credentialsId: '[\w-]+', variable: 'KSEXT_TOKEN'\)\]\)/);
  // How Jenkins starts a script, with its trace.
  const sh = ['sh', '-xe'];

  assert.match(pipeline, /dir\(env\.WORKSPACE_TMP\) \{\s+junit /);
  const temporary = await temporaryFolder(t);
  const tmp = { WORKSPACE_TMP: temporary };

  const bad = await BuildServer.new(t, 'broken-missing-icon');
  ended(await bad.run(sh, check, { ...bad.withProgram, ...tmp }), 1);
  const [, report] = pipeline.match(/junit '(.*)'/) ?? [];
  const [suite] = await fromJunit(await readFile(join(temporary, report), 'utf8'));
  assert.deepEqual(suite.cases.filter((one) => one.failure).map((one) => one.name), ['missing-icon']);

  const good = await BuildServer.new(t, 'demo');
  ended(await good.run(sh, check, { ...good.withProgram, ...tmp }), 0);
  const [, sizes] = pipeline.match(/artifacts: '(.*?)'/) ?? [];
  assert.match(await readFile(join(temporary, sizes), 'utf8'), /`demo 0\.1\.0`/);
  ended(await good.run(sh, push, { ...good.withProgram, TAG_NAME: 'demo-v0.1' }), 3);
  assert.deepEqual(await good.there(), []);
  ended(await good.run(sh, push, { ...good.withProgram, TAG_NAME: 'demo-v0.1.0' }), 0);
  assert.deepEqual(await good.there(), ['demo 0.1.0']);
  assert.deepEqual(await good.added(), []);
});

test('any other: the script checks and pushes what the tag names', async (t) => {
  const script = await shown(ENGLISH, 'ci.sh');
  const build = await BuildServer.new(t, 'demo');
  const shell = ['bash', '-x'];
  ended(await build.run(shell, script, build.withProgram), 0);
  assert.deepEqual(await build.there(), []);
  ended(await build.run(shell, script, { ...build.withProgram, TAG: 'demo/0.1.0' }), 0);
  assert.deepEqual(await build.there(), ['demo 0.1.0']);
  await writeFile(join(build.folder, 'extension.yaml'), `${await build.read('extension.yaml')}unknwon: 1\n`);
  ended(await build.run(shell, script, { ...build.withProgram, TAG: 'v0.1.0' }), 1);
});
