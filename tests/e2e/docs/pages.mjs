/** THE list of pages with commands, each with the place where they run at first. */

/** @type {Record<string, string>} */
export const PAGES = {
  'CONTRIBUTING.md': 'clone',
  'CONTRIBUTING_zh.md': 'folder',
  'README.md': 'here',
  'README_zh.md': 'here',
  'editors/neovim/README.md': 'here',
  'server/docs/install.md': 'here',
  'server/docs/install_zh.md': 'here',
  'server/docs/sandbox.md': 'folder',
  'server/docs/sandbox_zh.md': 'folder',
  'server/docs/schema.md': 'folder',
  'server/docs/schema_zh.md': 'folder',
  'server/docs/security.md': 'package',
  'server/docs/security_zh.md': 'package',
  'server/docs/troubleshooting.md': 'package',
  'server/docs/troubleshooting_zh.md': 'package',
  'server/docs/tutorial.md': 'folder',
  'server/docs/tutorial_zh.md': 'folder',
  'server/packaging/npm/README.md': 'folder',
  'tests/e2e/README.md': 'here',
  'tests/fuzz/README.md': 'here',
};

/** Commands that are left out: they run these tests. */
export const RUNS_THIS = /^cargo xtask (test|e2e)\b/;

/** Programs that a machine may be without; the tests say so. Editors are left out with `--no-editors`. */
export const MAY_BE_MISSING = ['cargo-fuzz', 'helm', 'nvim'];
