#!/usr/bin/env node
'use strict';
// Runs the program of this system, which npm has installed beside this package.

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const { optionalDependencies } = require('../package.json');

const system = `${process.platform}-${process.arch}`;
const platformPackage = `@ksext/${system}`;

/** Whether the user reads Chinese. */
function readsChinese() {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const locale = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return /^zh/i.test(locale);
}

/** Says why there is no program, and what to do. */
function refuse(en, zh) {
  console.error(`ksext: ${readsChinese() ? zh : en}`);
  process.exit(3);
}

function findProgram() {
  if (!optionalDependencies[platformPackage]) {
    const all = Object.keys(optionalDependencies).map((name) => name.split('/')[1]);
    refuse(
      `there is no program for ${system}, only for ${all.join(', ')}. Build it from its sources: @REPOSITORY@`,
      `没有适用于 ${system} 的程序，只有 ${all.join('、')}。请从源码构建：@REPOSITORY@`,
    );
  }
  try {
    return require.resolve(`${platformPackage}/ksext${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    refuse(
      `the package ${platformPackage}, which holds the program for this system, is not installed. npm leaves it out ` +
        'with --omit=optional, and it is missing where node_modules was copied from another system. ' +
        'Install it with `npm install --include=optional ksext`.',
      `未安装 ${platformPackage}，此系统的程序就在这个包中。使用 --omit=optional 时 npm 不会安装它；` +
        '从其他系统复制 node_modules 时也会缺少它。请运行 `npm install --include=optional ksext` 安装。',
    );
  }
}

const child = spawn(findProgram(), process.argv.slice(2), { stdio: 'inherit' });
// Whoever ends this means the program. Ctrl+C reaches it without us.
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('error', (error) => refuse(`cannot start ${child.spawnfile}: ${error.message}`, `无法启动 ${child.spawnfile}：${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
