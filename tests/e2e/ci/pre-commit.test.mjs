/** The hooks for pre-commit, in the real pre-commit. */

import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { Machine, program } from '../support/machine.mjs';
import { ROOT } from '../support/programs.mjs';
import { ok, run, tool } from './tools.mjs';

/** A repository with a package, and one with the hooks, as a user has them. */
class Project {
  /** @param {import('node:test').TestContext} t @param {string} fixture */
  static async new(t, fixture) {
    const project = new Project(await Machine.new(t));
    await mkdir(project.hooks);
    await cp(join(ROOT, '.pre-commit-hooks.yaml'), join(project.hooks, '.pre-commit-hooks.yaml'));
    await project.machine.package('project/packages/demo', fixture);
    await project.write('README.md', '# 扩展 😀\n');
    for (const folder of [project.hooks, project.folder]) {
      await project.git(folder, 'init', '--quiet', '--initial-branch=main');
      await project.commit(folder);
    }
    return project;
  }

  /** @param {Machine} machine */
  constructor(machine) {
    this.machine = machine;
    this.folder = join(machine.home, 'project');
    this.hooks = join(machine.home, 'hooks');
    this.env = { ...machine.env, PATH: `${dirname(program())}:${machine.env.PATH}`, PRE_COMMIT_HOME: join(machine.home, 'pre-commit') };
  }

  /** @param {string} folder @param {string[]} args */
  async git(folder, ...args) {
    return (await ok('git', ['-C', folder, '-c', 'user.name=e2e', '-c', 'user.email=e2e@localhost', ...args], { env: this.env })).trim();
  }

  /** @param {string} folder */
  async commit(folder) {
    await this.git(folder, 'add', '--all');
    await this.git(folder, 'commit', '--quiet', '--no-verify', '--message=all');
    return this.git(folder, 'rev-parse', 'HEAD');
  }

  /** @param {string} path @param {string} text */
  write(path, text) {
    return writeFile(join(this.folder, path), text);
  }

  /** @param {string} path */
  read(path) {
    return readFile(join(this.folder, path), 'utf8');
  }

  /** Stages everything and runs a hook on it. @param {string} hook @param {string[]} [args] */
  async try(hook, args = []) {
    await this.git(this.folder, 'add', '--all');
    return run(tool('pre-commit'), ['try-repo', '--color=never', this.hooks, hook, ...args], { cwd: this.folder, env: this.env });
  }
}

test('ksext-check passes on a good package and fails on a bad one', async (t) => {
  const project = await Project.new(t, 'demo');
  const good = await project.try('ksext-check', ['--all-files']);
  assert.equal(good.code, 0, good.stdout + good.stderr);
  assert.match(good.stdout, /ksext check\.+Passed/);

  const manifest = 'packages/demo/extension.yaml';
  await project.write(manifest, (await project.read(manifest)).replace('favicon.svg', '没有.svg'));
  const bad = await project.try('ksext-check');
  assert.equal(bad.code, 1, bad.stdout + bad.stderr);
  assert.match(bad.stdout, /ksext check\.+Failed/);
  assert.match(bad.stdout, /missing-icon/);
  assert.match(bad.stdout, /packages\/demo\/extension\.yaml:\d+/);
});

test('any file of a package has the package checked, no other file does', async (t) => {
  const project = await Project.new(t, 'broken-missing-icon');
  await project.write('README.md', '# 另一个\n');
  const outside = await project.try('ksext-check');
  assert.equal(outside.code, 0, outside.stdout);
  for (const file of ['values.yaml', 'charts/frontend/values.yaml', 'static/new.png']) {
    await project.commit(project.folder);
    await project.write(`packages/demo/${file}`, '# 注释\n');
    const inside = await project.try('ksext-check');
    assert.equal(inside.code, 1, `${file}: ${inside.stdout}`);
    assert.match(inside.stdout, /missing-icon/);
    assert.doesNotMatch(inside.stdout, /no package/);
  }
});

test('a file that is named like an option switches no hook off', async (t) => {
  const project = await Project.new(t, 'broken-missing-icon');
  await project.write('--help', 'x\n');
  for (const hook of ['ksext-check', 'ksext-fix']) {
    const result = await project.try(hook, ['--all-files']);
    assert.equal(result.code, 1, result.stdout + result.stderr);
    assert.match(result.stdout, /missing-icon/);
  }
});

test('ksext-fix mends what can be mended, which the second run takes', async (t) => {
  const project = await Project.new(t, 'demo');
  const manifest = 'packages/demo/extension.yaml';
  const text = await project.read(manifest);
  await project.write(manifest, text.replace('\ndisplayName:', '\ndisplayname:'));
  const first = await project.try('ksext-fix');
  assert.equal(first.code, 1, first.stdout);
  assert.match(first.stdout, /files were modified by this hook/);
  assert.equal(await project.read(manifest), text);
  // Something is staged again.
  await project.write(manifest, `${text}# 注释\n`);
  const second = await project.try('ksext-fix');
  assert.equal(second.code, 0, second.stdout);
});

test('with always_run a file that is deleted is missed too', async (t) => {
  const project = await Project.new(t, 'demo');
  const rev = await project.git(project.hooks, 'rev-parse', 'HEAD');
  /** @param {string} options */
  const configure = async (options) => {
    await project.write('.pre-commit-config.yaml', `repos:\n  - repo: ${project.hooks}\n    rev: ${rev}\n    hooks:\n      - id: ksext-check\n${options}`);
    await project.commit(project.folder);
  };
  const remove = async () => {
    await project.git(project.folder, 'rm', '--quiet', 'packages/demo/static/favicon.svg');
    const output = await run(tool('pre-commit'), ['run', '--color=never'], { cwd: project.folder, env: project.env });
    await project.git(project.folder, 'reset', '--quiet', '--hard');
    return output;
  };
  await configure('');
  const unseen = await remove();
  assert.match(unseen.stdout, /no files to check.*Skipped/, unseen.stdout + unseen.stderr);
  await configure('        pass_filenames: false\n        always_run: true\n');
  const seen = await remove();
  assert.equal(seen.code, 1, seen.stdout + seen.stderr);
  assert.match(seen.stdout, /missing-icon/);
});
