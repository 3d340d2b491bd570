/**
 * Bundles the extension: `node build.mjs [--minify] [--watch] [--test]`. With `--test` the unit tests are bundled too, into
 * `out/test`.
 */

import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import esbuild from 'esbuild';

const [minify, watch, test] = ['--minify', '--watch', '--test'].map((option) => process.argv.includes(option));

/** @type {esbuild.BuildOptions} */
const node = { bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'warning' };

/**
 * The client is most of the code, and a file of its own: the editor, which waits until the extension is loaded, does not
 * wait for it.
 * @type {esbuild.Plugin}
 */
const clientApart = {
  name: 'client-apart',
  setup: (build) => {
    build.onResolve({ filter: /\/client$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './client.js', external: true } : undefined,
    );
  },
};

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  {
    ...node,
    entryPoints: { extension: 'src/extension.ts', client: 'src/server/client.ts' },
    outdir: 'dist',
    external: ['vscode'],
    plugins: [clientApart],
    minify,
    sourcemap: minify ? false : 'linked',
  },
  {
    bundle: true,
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
    logLevel: 'warning',
    entryPoints: ['webview/size.ts', 'webview/marketplace.ts'],
    outdir: 'dist/webview',
    loader: { '.html': 'text' },
    minify,
    sourcemap: false,
  },
];

// What is shipped carries the project's licence; there is one in the repository.
if (minify) copyFileSync('../../LICENSE', 'LICENSE');

if (test) {
  const tests = readdirSync('test').filter((name) => name.endsWith('.test.ts'));
  bundles.push({
    ...node,
    entryPoints: tests.map((name) => join('test', name)),
    outdir: 'out/test',
    outExtension: { '.js': '.cjs' },
    sourcemap: 'inline',
  });
}

for (const bundle of bundles) {
  if (watch) await (await esbuild.context(bundle)).watch();
  else await esbuild.build(bundle);
}
