/** Emacs in a terminal, which can also be asked what it thinks. */

import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { configure, fromReadme, openTerminal } from '../support/editors.mjs';

/** The most that something may take to become true, in milliseconds. */
const PATIENCE = 20_000;

/** Compiles nothing beside. */
const EARLY = '(setq native-comp-deferred-compilation nil native-comp-jit-compilation nil)';

/** No welcome, no copies of files; a page that is to be opened is noted for the test; it answers `ask`. */
const FOR_TESTS = `
(setq inhibit-startup-screen t make-backup-files nil auto-save-default nil
      initial-scratch-message nil ring-bell-function #'ignore
      browse-url-browser-function (lambda (url &rest _) (write-region url nil "~/page" nil 'quiet)))
(set-language-environment "UTF-8")
(server-start)
`;

/** Of each finding: its line, what it marks, what it says. */
const FINDINGS = `(vconcat (mapcar (lambda (it) (list
  (line-number-at-pos (flymake-diagnostic-beg it))
  (buffer-substring-no-properties (flymake-diagnostic-beg it) (flymake-diagnostic-end it))
  (substring-no-properties (flymake-diagnostic-text it)))) (flymake-diagnostics)))`;

export class Emacs {
  /**
   * @param {import('../support/machine.mjs').Machine} machine
   * @param {import('../support/terminal.mjs').Terminal} terminal
   */
  constructor(machine, terminal) {
    this.machine = machine;
    this.terminal = terminal;
  }

  /**
   * Starts it on a file, set up as editors/README.md says below a heading. Ends with the test.
   * @param {import('node:test').TestContext} t
   * @param {import('../support/machine.mjs').Machine} machine
   * @param {{ heading: string, file: string, settings?: string }} options
   */
  static async start(t, machine, { heading, file, settings = '' }) {
    await configure(machine, '.emacs.d/early-init.el', EARLY);
    await configure(machine, '.emacs.d/init.el', FOR_TESTS, await fromReadme(heading, 'elisp'), settings);
    const terminal = await openTerminal(t, machine, ['emacs', '-nw', file]);
    const emacs = new Emacs(machine, terminal);
    await emacs.until('t');
    return emacs;
  }

  /**
   * The value of an expression in the buffer that is shown, as JSON has it.
   * @param {string} expression
   */
  ask(expression) {
    const inBuffer = `(with-current-buffer (window-buffer (selected-window)) ${expression})`;
    // As base64, for emacsclient cuts and escapes.
    const encoded = `(base64-encode-string (encode-coding-string (json-encode ${inBuffer}) 'utf-8) t)`;
    const env = { ...this.machine.env, LC_ALL: 'C.UTF-8' };
    const printed = execFileSync('emacsclient', ['--eval', encoded], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return JSON.parse(Buffer.from(JSON.parse(printed), 'base64').toString('utf8'));
  }

  /**
   * Waits until an expression is neither nil nor an error.
   * @param {string} expression
   * @param {number} [patience] in milliseconds
   */
  async until(expression, patience = PATIENCE) {
    const latest = Date.now() + patience;
    for (;;) {
      let failure = 'it is nil';
      try {
        if (this.ask(`(and ${expression} t)`)) return;
      } catch (error) {
        failure = /** @type {Error} */ (error).message;
      }
      if (Date.now() > latest) throw new Error(`${expression}: ${failure}\n${await this.terminal.screen()}`);
      await sleep(50);
    }
  }

  /**
   * What is found in the buffer, once something is.
   * @param {number} [patience] in milliseconds
   * @returns {Promise<[line: number, marked: string, text: string][]>}
   */
  async findings(patience) {
    await this.until('(flymake-diagnostics)', patience);
    return this.ask(FINDINGS);
  }

  /**
   * Runs a command by its name, as `M-x` does.
   * @param {string} command
   */
  async run(command) {
    await this.terminal.press('M-x');
    await this.terminal.shows(/^M-x\s*$/m);
    await this.terminal.type(command);
    await this.terminal.press('Enter');
  }

  /**
   * Answers a question in the minibuffer with a text, in place of what it suggests. A busy Emacs may drop what is typed
   * while it redraws, so the text is seen there before it is taken.
   * @param {RegExp} prompt ends where the answer begins
   * @param {string} text
   */
  async answer(prompt, text) {
    await this.terminal.shows(prompt);
    const answered = new RegExp(`${prompt.source}\\s*${text}\\s*$`, 'm');
    for (let times = 0; times < 5 && !answered.test(await this.terminal.screen()); times++) {
      await this.terminal.press('C-a', 'C-k');
      await this.terminal.type(text);
      await sleep(500);
    }
    await this.terminal.shows(answered);
    await this.terminal.press('Enter');
  }

  /**
   * Sets the cursor before the first place of a text.
   * @param {string} text
   */
  goTo(text) {
    this.ask(`(progn (goto-char (point-min)) (search-forward ${JSON.stringify(text)}) (goto-char (match-beginning 0)) t)`);
  }

  /**
   * Goes to another file.
   * @param {string} file
   */
  visit(file) {
    this.ask(`(progn (find-file ${JSON.stringify(file)}) t)`);
  }

  /** Saves the file as one does. */
  async save() {
    await this.terminal.press('C-x', 'C-s');
    await this.until('(not (buffer-modified-p))');
  }

  /** Leaves as one does, without saving. */
  async quit() {
    await this.terminal.press('C-x', 'C-c');
    await this.terminal.ended();
  }
}
