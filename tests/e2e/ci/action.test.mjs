/** The GitHub Action, run as GitHub's runner runs it, on real packages in a real repository. */

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { KEY, Machine, program, temporaryFolder } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { fakeGitHub, TOKEN } from './github.mjs';
import { evaluate, runAction } from './runner.mjs';
import { ok, run, schemaErrors, tool, VERSION } from './tools.mjs';

const SCRIPTS = ['install.sh', 'check.sh', 'sizes.sh', 'push.sh'].map((name) => join(ROOT, 'server/packaging/action', name));

/** A repository with its runner. */
class Repository {
  /** @param {import('node:test').TestContext} t @param {Record<string, string>} packages fixtures by their folder */
  static async new(t, packages) {
    const machine = await Machine.new(t);
    const folder = join(machine.home, 'repository');
    for (const [name, fixture] of Object.entries(packages)) await machine.package(join('repository', name), fixture);
    await writeFile(join(folder, 'README.md'), '# 扩展 😀\n');
    const repository = new Repository(machine, folder, await temporaryFolder(t));
    await repository.git('init', '--quiet', '--initial-branch=main');
    await repository.commit();
    return repository;
  }

  /** @param {Machine} machine @param {string} folder @param {string} temporary */
  constructor(machine, folder, temporary) {
    this.machine = machine;
    this.folder = folder;
    this.temporary = temporary;
  }

  /** @param {string[]} args */
  async git(...args) {
    const identity = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', '-c', 'commit.gpgsign=false'];
    return (await ok('git', ['-C', this.folder, ...identity, ...args], { env: this.machine.env })).trim();
  }

  /** Commits everything; answers the commit. */
  async commit() {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message=all');
    return this.git('rev-parse', 'HEAD');
  }

  /**
   * Runs the action on it.
   * @param {Record<string, string>} inputs
   * @param {{ event?: Record<string, any>, env?: NodeJS.ProcessEnv }} [options]
   */
  action(inputs, { event = {}, env = {} } = {}) {
    return runAction({
      inputs: { 'ksext-path': program(), 'github-token': TOKEN, ...inputs },
      event,
      env: { ...this.machine.env, GITHUB_REPOSITORY: 'kube/extensions', GITHUB_API_URL: 'http://127.0.0.1:9', GITHUB_EVENT_NAME: 'push', ...env },
      workspace: this.folder,
      temporary: this.temporary,
      secrets: [TOKEN],
    });
  }

  /**
   * The same in a pull request.
   * @param {Record<string, string>} inputs
   * @param {{ url: string }} github
   * @param {string} base the commit that it is held against
   */
  pullRequest(inputs, github, base) {
    return this.action(inputs, {
      event: { pull_request: { number: 7, base: { sha: base } } },
      env: { GITHUB_API_URL: github.url, GITHUB_EVENT_NAME: 'pull_request' },
    });
  }

  /**
   * The same for a tag, with a key.
   * @param {string} tag
   * @param {string} server
   * @param {Record<string, string>} [inputs]
   */
  tag(tag, server, inputs = {}) {
    return this.action(
      { push: 'tag', token: KEY, ...inputs },
      { env: { KSEXT_SERVER: server, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: tag, SHELLOPTS: 'xtrace' } },
    );
  }
}

/** @param {import('./runner.mjs').Result} result @param {string} level */
const told = (result, level) => result.annotations.filter((one) => one.level === level).map((one) => one.message);

test('expressions are read as GitHub reads them', () => {
  const contexts = { inputs: { push: 'False', path: null }, steps: { check: { outputs: { status: '0' } } } };
  for (const [text, value] of [
    ["inputs.push == 'false'", true],
    ["steps.check.outputs.status != '0'", false],
    ["steps.push.outputs.state", null],
    ["steps.push.outputs.status != '0'", false],
    ["!inputs.path && (inputs.push || 'x')", 'False'],
    ["'it''s' != 'it' || false", true],
  ]) {
    assert.equal(evaluate(String(text), contexts), value, String(text));
  }
  assert.throws(() => evaluate('secrets.KEY', contexts), /no context secrets/);
  assert.throws(() => evaluate("contains(inputs.push, 'a')", contexts), /cannot read|no context/);
});

test('the action and its scripts have nothing that zizmor and shellcheck know to be wrong', async () => {
  const zizmor = await run(tool('zizmor'), ['--offline', '--persona', 'auditor', '--no-progress', join(ROOT, 'action.yml')]);
  assert.equal(zizmor.code, 0, zizmor.stdout + zizmor.stderr);
  const shellcheck = await run('shellcheck', ['--external-sources', '--source-path=SCRIPTDIR', ...SCRIPTS]);
  assert.equal(shellcheck.code, 0, shellcheck.stdout);
  // What bash 3.2 of macOS lacks, and bash itself does not tell.
  for (const script of [...SCRIPTS, join(ROOT, 'server/packaging/action/common.sh')]) {
    const text = await readFile(script, 'utf8');
    assert.doesNotMatch(text, /\b(mapfile|readarray|declare -A|local -n|coproc)\b|\$\{\w+(,,|\^\^|@[QULE])|&>>|\|&/, script);
  }
});

test('findings are told at their lines, as SARIF and in the summary, and fail the job', async (t) => {
  const repository = await Repository.new(t, { 'packages/好 one': 'demo', 'packages/bad': 'broken-missing-icon' });
  const result = await repository.action({ paths: '\n  packages/好 one\r\npackages/bad  \n', sarif: 'true', push: 'true', token: KEY });
  assert.equal(result.succeeded, false);
  assert.deepEqual(result.steps.at(-1), 'Fail on findings', result.log);
  const { packages, errors, warnings, sarif } = result.outputs;
  assert.deepEqual({ packages, errors, warnings }, { packages: '2', errors: '1', warnings: '0' });
  const error = result.annotations.find((one) => one.level === 'error');
  assert.equal(error?.properties.file, 'packages/bad/extension.yaml');
  assert.equal(error?.properties.line, '18');
  assert.match(result.log, /favicon\.png/);
  assert.match(result.summary, /\| `demo 0\.1\.0` \| 0 \| 0 \| \d+ \|/);
  assert.match(result.summary, /- \*\*error\*\* `packages\/bad\/extension\.yaml:18` .*\[missing-icon\]\(https:/);

  const [upload] = result.used;
  assert.match(upload.uses, /^github\/codeql-action\/upload-sarif@[0-9a-f]{40}$/);
  assert.deepEqual(upload.with, { sarif_file: sarif });
  const text = await readFile(sarif, 'utf8');
  assert.deepEqual(await schemaErrors('tests/schemas/sarif-2.1.0.json', text), []);
  const [{ results }] = JSON.parse(text).runs;
  assert.ok(results.some((/** @type {any} */ one) => one.ruleId === 'missing-icon'));
});

test('a warning passes unless it is strict, and a baseline knows it', async (t) => {
  const repository = await Repository.new(t, { demo: 'broken-unknown-key' });
  const loose = await repository.action({ annotations: 'false', lang: 'zh' });
  assert.equal(loose.succeeded, true, loose.log);
  assert.ok(Number(loose.outputs.warnings) > 0, loose.outputs.warnings);
  assert.deepEqual(loose.annotations, []);
  assert.deepEqual(loose.used, []);
  assert.match(loose.summary, /\| 扩展组件包 \| 错误 \| 警告 \| 其他 \|/);

  const strict = await repository.action({ strict: 'true' });
  assert.equal(strict.succeeded, false);
  await ok(program(), ['check', '--write-baseline', 'known.json'], { cwd: repository.folder, env: repository.machine.env });
  const known = await repository.action({ strict: 'true', baseline: 'known.json' });
  assert.equal(known.succeeded, true, known.log);
  assert.equal(known.outputs.warnings, '0');
});

test('there is an archive for each system that ksext is released for', async () => {
  const targets = await readFile(join(ROOT, 'server/xtask/src/dist/targets.rs'), 'utf8');
  const systems = [...targets.matchAll(/triple: "[^-]+-(.+)"/g)].map(([, system]) => `${system}.${system.includes('windows') ? 'zip' : 'tar.gz'}`);
  const script = await readFile(SCRIPTS[0], 'utf8');
  const known = [...script.matchAll(/system=(\S+) ;;/g)].map(([, system]) => system);
  assert.deepEqual([...new Set(systems)].sort(), known.sort());
});

/** The address of a server of the files in a folder. @param {import('node:test').TestContext} t @param {string} folder */
async function serve(t, folder) {
  const server = createServer(async (request, response) => {
    const content = await readFile(join(folder, String(request.url))).catch(() => null);
    response.writeHead(content ? 200 : 404).end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
}

test('the program of a release is installed, and nothing that is not what was released', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const triple = { linux: 'unknown-linux-musl', darwin: 'apple-darwin' }[String(process.platform)];
  const name = `ksext-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${triple}`;
  const releases = await temporaryFolder(t);
  for (const released of [VERSION, '9.9.9']) {
    const folder = join(releases, `v${released}`);
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'ksext'), `#!/bin/sh\nexec '${program()}' "$@"\n`, { mode: 0o755 });
    await ok('tar', ['-czf', `${name}.tar.gz`, name], { cwd: folder });
    const sum = createHash('sha256').update(await readFile(join(folder, `${name}.tar.gz`))).digest('hex');
    await writeFile(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  other.zip\n${released === VERSION ? sum : '0'.repeat(64)}  ${name}.tar.gz\n`);
  }
  const env = { KSEXT_BASE_URL: await serve(t, releases) };

  const installed = await repository.action({ 'ksext-path': '', version: `v${VERSION}` }, { env });
  assert.equal(installed.succeeded, true, installed.log);
  assert.match(installed.log, /ksext \S+: \S+\/bin\/ksext\n/);
  // Without a version it is the action's own, unless there is a program already.
  const own = await repository.action({ 'ksext-path': '' }, { env });
  assert.equal(own.succeeded, true, own.log);
  const there = { ...env, PATH: `${dirname(program())}:${process.env.PATH}`, KSEXT_BASE_URL: 'http://127.0.0.1:9' };
  const found = await repository.action({ 'ksext-path': '' }, { env: there });
  assert.equal(found.succeeded, true, found.log);

  for (const [other, expected] of /** @type {[string, RegExp][]} */ ([
    ['9.9.9', /is not what was released: its SHA-256 is [0-9a-f]{64}, not 0{64}/],
    ['9.9.8', /cannot download \S+\/v9\.9\.8\/SHA256SUMS/],
  ])) {
    const refused = await repository.action({ 'ksext-path': '', version: other }, { env });
    assert.deepEqual([refused.succeeded, refused.steps.length], [false, 1]);
    assert.match(told(refused, 'error').join(), expected);
  }
});

test('on Windows the zip of a release, which has no folder around its files, is installed', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const name = 'ksext-x86_64-pc-windows-gnu.zip';
  const releases = await temporaryFolder(t);
  const folder = join(releases, `v${VERSION}`);
  await mkdir(folder);
  await writeFile(join(folder, 'ksext.exe'), `#!/bin/sh\nexec '${program()}' "$@"\n`);
  await ok(tool('python'), ['-m', 'zipfile', '-c', name, 'ksext.exe'], { cwd: folder });
  const sum = createHash('sha256').update(await readFile(join(folder, name))).digest('hex');
  await writeFile(join(folder, 'SHA256SUMS'), `${sum}  ${name}\n`);

  // What the scripts ask of Windows: the words of its `uname` and the tar of the system.
  const windows = await temporaryFolder(t);
  const tar = `[ "$1$3" = "-xf-C" ] && '${tool('python')}' -m zipfile -e "$2" "$4" && chmod +x "$4"/*.exe`;
  await mkdir(join(windows, 'System32'));
  await writeFile(join(windows, 'System32', 'tar.exe'), `#!/bin/sh\n${tar}\n`, { mode: 0o755 });
  await writeFile(join(windows, 'uname'), '#!/bin/sh\ncase $1 in -m) echo x86_64 ;; *) echo MINGW64_NT-10.0 ;; esac\n', { mode: 0o755 });
  const env = { KSEXT_BASE_URL: await serve(t, releases), SYSTEMROOT: windows, PATH: `${windows}:${process.env.PATH}` };

  const installed = await repository.action({ 'ksext-path': '' }, { env });
  assert.equal(installed.succeeded, true, installed.log);
  assert.match(installed.log, /ksext \S+: \S+\/bin\/ksext\.exe\n/);
});

test('wrong inputs, missing packages and programs are told and fail', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  for (const [inputs, expected] of /** @type {[Record<string, string>, RegExp][]} */ ([
    [{ strict: 'yes' }, /`strict` is `yes`/],
    [{ paths: ' \n' }, /`paths` is empty/],
    [{ paths: 'nowhere' }, /could not be opened|cannot open|nothing could be checked/],
    [{ lang: 'fr' }, /`lang` is `fr`/],
    [{ 'ksext-path': './none' }, /cannot run `\.\/none`/],
    [{ 'ksext-path': '', version: '1.0;id' }, /`1\.0;id` is no version/],
    [{ 'comment-id': 'a b' }, /`comment-id`/],
    [{ push: 'always', token: KEY }, /`push` is `always`/],
    [{ push: 'true', wait: 'long', token: KEY }, /`wait` is `long`/],
    [{ push: 'true', wait: '1h30m', token: KEY }, /`wait` is `1h30m`/],
    [{ push: 'true', wait: '9999999999', token: KEY }, /`wait` is `9999999999`/],
    [{ push: 'true' }, /`token` is empty/],
  ])) {
    const result = await repository.action(inputs);
    assert.equal(result.succeeded, false, JSON.stringify(inputs));
    assert.match(result.log, expected, JSON.stringify(inputs));
  }
  await mkdir(join(repository.folder, 'empty'));
  const nothing = await repository.action({ paths: 'empty' });
  assert.deepEqual([nothing.succeeded, nothing.outputs.packages, told(nothing, 'error').length], [false, '0', 1]);
});

test('names from a package steer neither the runner nor the summary', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const manifest = join(repository.folder, 'demo/extension.yaml');
  await appendFile(manifest, '"x\\n::error::owned\\n::add-mask::e": 1\n"<script>alert(1)</script>": 2\n');
  await writeFile(join(repository.folder, 'demo', 'a`b|c <img>.md'), 'x\n');
  const result = await repository.action({});
  assert.deepEqual(result.annotations.filter((one) => one.message.startsWith('owned')), []);
  assert.ok(told(result, 'warning').some((message) => message.includes('script')), JSON.stringify(result.annotations));
  const outside = result.summary.split('\n').map((line) => line.replaceAll(/`[^`]*`/g, '')).join('\n');
  assert.doesNotMatch(outside, /<script|<img|^::/m);
});

test('names with backticks of their own get out of no code span', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const manifest = join(repository.folder, 'demo/extension.yaml');
  const text = await readFile(manifest, 'utf8');
  const evil = ["``<img src='http://evil.example/t2.png'><h1>PWN</h1>", './x` ![t](http://evil.example/t.png) [click](http://evil.example) @octocat www.evil.example `b', 'a`'];
  await writeFile(manifest, `${text.replace(/^screenshots:[^]*?(?=^\w)/m, '')}\nscreenshots:\n${evil.map((name) => `  - ${JSON.stringify(name)}\n`).join('')}`);
  await repository.machine.package('repository/not', 'demo');
  await writeFile(join(repository.folder, 'not/.helmignore'), '*.yaml\n');
  await rename(join(repository.folder, 'not'), join(repository.folder, '` <img> @octocat `'));
  const { summary } = await repository.action({});
  assert.match(summary, /t2\.png/);
  assert.match(summary, /octocat/);
  // A span begins and ends with as many backticks, which no other touches: none has more than one here.
  const found = summary.split('\n').filter((line) => /^- (\*\*|cannot pack).*(evil|octocat)/.test(line)).join('\n');
  assert.doesNotMatch(found, /``/);
  const outside = found.split('\n').map((line) => line.replaceAll(/`[^`]+`/g, '').replaceAll(/\[[\w-]+\]\(https:\/\/\S+?\)/g, '')).join('\n');
  assert.doesNotMatch(outside, /[`<>[\]@!]|:\/\/|www\./);
});

test('a pull request keeps one comment with the sizes and what changed', async (t) => {
  const github = await fakeGitHub(t);
  const repository = await Repository.new(t, { 'packages/one': 'demo', 'packages/two': 'demo' });
  const base = await repository.git('rev-parse', 'HEAD');
  // More than one page of others, one of them a stranger's that looks like ours.
  for (let id = 1; id <= 130; id++) github.comments.push({ id, body: `${id}`, user: { type: 'User' }, author_association: 'NONE' });
  github.comments[3].body = '<!-- ksext:sizes -->\n假的';

  await writeFile(join(repository.folder, 'packages/one/README.md'), `# 观测\n${randomBytes(3000).toString('base64')}\n`);
  await repository.machine.package('repository/packages/three', 'demo');
  const first = await repository.pullRequest({ 'comment-sizes': 'true' }, github, base);
  assert.equal(first.succeeded, true, first.log);
  assert.equal(github.comments.length, 131);
  const { body } = github.comments[130];
  assert.ok(body.startsWith('<!-- ksext:sizes -->\n### Package size\n\n| Package | Size | Change | Limit | Used |\n'), body);
  const rows = body.split('\n').filter((row) => row.startsWith('| `demo 0.1.0` |'));
  assert.equal(rows.length, 3, body);
  assert.match(rows[0], /\| \+\d/);
  assert.match(rows[1], /\| new \|/);
  assert.match(rows[2], /\| ±0 \|/);
  assert.match(body, /\| `README\.md` \| \d+ B \| [\d.]+ KB \| \+[\d.]+ KB \|/);
  assert.ok(first.summary.includes(body.split('\n').slice(1).join('\n').trim()));
  assert.ok(Number(first.outputs.size) > 3000, first.outputs.size);
  assert.equal(await repository.git('worktree', 'list').then((list) => list.split('\n').length), 1);

  await rm(join(repository.folder, 'packages/two'), { recursive: true });
  await rm(join(repository.folder, 'packages/three'), { recursive: true });
  const second = await repository.pullRequest({ 'comment-sizes': 'true', lang: 'zh' }, github, base);
  assert.equal(second.succeeded, true, second.log);
  assert.equal(github.comments.length, 131);
  assert.match(github.comments[130].body, /^<!-- ksext:sizes -->\n### 扩展组件包大小\n/);
  assert.equal(github.comments[3].body, '<!-- ksext:sizes -->\n假的');

  const other = await repository.pullRequest({ 'comment-sizes': 'true', 'comment-id': 'other' }, github, base);
  assert.equal(other.succeeded, true, other.log);
  assert.equal(github.comments.length, 132);
});

test('the base is fetched where the checkout has the newest commit alone', async (t) => {
  const github = await fakeGitHub(t);
  const repository = await Repository.new(t, { demo: 'demo' });
  const base = await repository.git('rev-parse', 'HEAD');
  await writeFile(join(repository.folder, 'demo/README.md'), `# 观测\n${randomBytes(3000).toString('base64')}\n`);
  await repository.commit();
  // GitHub gives any commit that is asked for.
  await repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const origin = repository.folder;
  repository.folder = join(repository.machine.home, 'checkout');
  await ok('git', ['clone', '--quiet', '--depth=1', `file://${origin}`, repository.folder], { env: repository.machine.env });
  await assert.rejects(repository.git('cat-file', '-e', base));
  const result = await repository.pullRequest({}, github, base);
  assert.equal(result.succeeded, true, result.log);
  assert.match(result.summary, /\| `demo 0\.1\.0` \| [\d.]+ KB \| \+[\d.]+ KB \|/);
  assert.equal(await repository.git('status', '--porcelain'), '');
});

test('a pull request of a fork gets the sizes in the summary, and is told so', async (t) => {
  const github = await fakeGitHub(t);
  github.mayWrite = false;
  const repository = await Repository.new(t, { demo: 'demo' });
  const result = await repository.pullRequest({ 'comment-sizes': 'true' }, github, '0'.repeat(40));
  assert.equal(result.succeeded, true, result.log);
  assert.deepEqual(github.calls, ['GET /repos/kube/extensions/issues/7/comments', 'POST /repos/kube/extensions/issues/7/comments']);
  assert.match(told(result, 'notice').join('\n'), /GitHub answered 403/);
  assert.match(result.summary, /\| Package \| Size \| Limit \| Used \|/);
  assert.match(result.summary, /nothing is said of changes\. The sizes could not be written/);
  assert.ok(!result.raw.includes(TOKEN));
});

test('without the input no comment is asked for, and a package that cannot be packed is named', async (t) => {
  const github = await fakeGitHub(t);
  const repository = await Repository.new(t, { demo: 'demo' });
  await writeFile(join(repository.folder, 'demo/.helmignore'), '*.yaml\n');
  const result = await repository.pullRequest({}, github, await repository.git('rev-parse', 'HEAD'));
  assert.equal(result.succeeded, false);
  assert.deepEqual(github.calls, []);
  assert.match(result.summary, /could not be measured:\n\n- cannot pack \.\/demo: \.helmignore:1: .*&#91;manifest-ignored&#93;\n/);
});

test('a comment that would be too long keeps what would fail, and says that something is left out', async (t) => {
  const github = await fakeGitHub(t);
  const repository = await Repository.new(t, { demo: 'broken-missing-icon' });
  const base = await repository.git('rev-parse', 'HEAD');
  for (let i = 0; i < 10; i++) {
    let folder = join(repository.folder, 'demo/charts/frontend/files');
    for (let depth = 0; depth < 12; depth++) folder = join(folder, `${i}${depth}`.padEnd(240, 'x'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'a.txt'), randomBytes(20));
  }
  const usual = await repository.pullRequest({ 'comment-sizes': 'true' }, github, base);
  assert.match(github.comments[0].body, /<details>/, usual.log);
  assert.doesNotMatch(github.comments[0].body, /left out/);

  for (let i = 0; i < 10; i++) {
    for (const name of ['one', 'two']) await cp(join(repository.folder, 'demo'), join(repository.folder, `${name}${i}`), { recursive: true });
  }
  await repository.pullRequest({ 'comment-sizes': 'true' }, github, base);
  const { body } = github.comments[0];
  assert.equal(github.comments.length, 1);
  assert.doesNotMatch(body, /<details>/);
  assert.equal(body.match(/^- Push would fail: .*favicon\.png/gm)?.length, 21, body);
  assert.equal(body.match(/^`demo 0\.1\.0`$/gm)?.length, 21, body);
  assert.match(body, /something is left out here\. All of it is in the summary of the job\.\n$/);
});

test('a folder with a line break in its name is measured and pushed', async (t) => {
  const repository = await Repository.new(t, { 'de\nmo\n': 'demo' });
  const server = await repository.machine.sandbox(t, ['--token', KEY]);
  const result = await repository.action({ push: 'true', token: KEY }, { env: { KSEXT_SERVER: server } });
  assert.equal(result.succeeded, true, result.log);
  assert.ok(Number(result.outputs.size) > 1000, result.outputs.size);
  assert.match(result.summary, /\| `demo 0\.1\.0` \| [\d.]+ KB/);
  assert.equal(JSON.parse(result.outputs.pushed)[0].name, 'demo');
});

test('a tag pushes its version and nothing else, and the key is seen nowhere', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const server = await repository.machine.sandbox(t, ['--review', 'approve', '--token', KEY]);
  const refused = await repository.tag('v0.2.0', server);
  assert.equal(refused.succeeded, false);
  assert.match(told(refused, 'error').join(), /`v0\.2\.0` does not agree .* one of `v0\.1\.0`, `demo-v0\.1\.0`, `demo\/0\.1\.0`/);

  const pushed = await repository.tag('v0.1.0', server, { wait: '20s' });
  assert.equal(pushed.succeeded, true, pushed.log);
  assert.deepEqual([pushed.outputs['pushed-version'], pushed.outputs.state], ['0.1.0', 'active']);
  assert.equal(JSON.parse(pushed.outputs.pushed)[0].name, 'demo');
  assert.match(pushed.summary, /demo 0\.1\.0 is pushed: active/);
  await repository.machine.logIn(server);
  const { snapshots } = await repository.machine.json(['get', 'demo']);
  assert.deepEqual(snapshots.map((/** @type {any} */ one) => [one.version, one.status]), [['0.1.0', 'active']]);

  const again = await repository.tag('demo-v0.1.0', server, { lang: 'zh' });
  assert.equal(again.succeeded, true, again.log);
  assert.match(told(again, 'notice').join(), /demo 0\.1\.0 已经存在：active/);
  for (const result of [refused, pushed, again]) {
    assert.ok(!result.log.includes(KEY), result.log);
    // The runner takes this line for itself.
    assert.ok(!result.raw.replaceAll(`::add-mask::${KEY}\n`, '').includes(KEY), result.raw);
    assert.ok(!result.summary.includes(KEY));
  }
  const wrongKey = await repository.tag('v0.1.0', server, { token: 'kck-00000000-0000-4000-8000-000000000000' });
  assert.equal(wrongKey.succeeded, false, wrongKey.log);
});

test('in a repository with many packages the tag names one of them', async (t) => {
  const repository = await Repository.new(t, { 'packages/demo': 'demo' });
  await rename(join(repository.folder, 'packages/demo'), join(repository.folder, 'packages/other'));
  const manifest = join(repository.folder, 'packages/other/extension.yaml');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace(/^name: demo$/m, 'name: other').replace(/^version: .*$/m, 'version: 0.2.0'));
  await cp(join(ROOT, 'tests/fixtures/demo'), join(repository.folder, 'packages/demo'), { recursive: true });
  const server = await repository.machine.sandbox(t);
  for (const tag of ['v0.2.0', 'third-v0.2.0', 'other/0.1.0']) {
    const result = await repository.tag(tag, server);
    assert.equal(result.succeeded, false, tag);
    if (tag === 'v0.2.0') assert.match(told(result, 'error').join(), /does not say which of 2 packages it means.* one of .*`other-v0\.2\.0`/);
    else assert.match(told(result, 'error').join(), /does not agree with the version/);
  }
  const result = await repository.tag('other/0.2.0', server);
  assert.equal(result.succeeded, true, result.log);
  await repository.machine.logIn(server);
  const { extensions } = await repository.machine.json(['list']);
  assert.deepEqual(extensions.map((/** @type {any} */ one) => one.name), ['other']);
});

test('a refused review fails the job; branches and events of others push nothing', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const server = await repository.machine.sandbox(t, ['--review', 'reject']);
  const inputs = { push: 'tag', token: KEY };
  const branch = await repository.action(inputs, { env: { KSEXT_SERVER: server, GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'v0.1.0' } });
  const events = ['pull_request', 'pull_request_target', 'pull_request_review', 'issue_comment', 'workflow_run', 'merge_group', ''];
  const others = [];
  for (const event of events) others.push(await repository.action({ ...inputs, push: 'true' }, { env: { KSEXT_SERVER: server, GITHUB_EVENT_NAME: event } }));
  for (const result of others) assert.match(told(result, 'notice').join(), /nothing is pushed for the event/);
  for (const result of [branch, ...others]) assert.deepEqual([result.succeeded, result.outputs.pushed], [true, ''], result.log);
  await repository.machine.logIn(server);
  assert.deepEqual((await repository.machine.json(['list'])).extensions, []);

  const refused = await repository.tag('0.1.0', server, { wait: 'true' });
  assert.equal(refused.succeeded, false);
  assert.equal(refused.outputs['pushed-version'], '0.1.0');
  assert.match(told(refused, 'error').join(), /demo 0\.1\.0 is pushed: rejected; the reviewers refused it/);
  assert.equal(JSON.parse(refused.outputs.pushed)[0].status, refused.outputs.state);
});

test('a review that takes longer than the wait fails the job, and what was pushed is told', async (t) => {
  const repository = await Repository.new(t, { demo: 'demo' });
  const server = await repository.machine.sandbox(t, ['--review', 'manual']);
  const result = await repository.tag('v0.1.0', server, { wait: '1s' });
  assert.equal(result.succeeded, false);
  const [{ name, version, snapshotId, status }] = JSON.parse(result.outputs.pushed);
  assert.deepEqual([name, version, status], ['demo', '0.1.0', 'submitted']);
  assert.match(snapshotId, /^\d+$/);
  assert.deepEqual([result.outputs['pushed-version'], result.outputs.state], ['0.1.0', 'submitted']);
  assert.match(told(result, 'error').join(), /demo 0\.1\.0 is pushed: submitted; it is not decided; the wait of 1s is over/);
  assert.match(result.summary, /demo 0\.1\.0 is pushed: submitted; it is not decided/);
  assert.doesNotMatch(result.log, /the push failed/);
});
