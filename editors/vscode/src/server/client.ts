/** The client of one run of the language server. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type ExecuteCommandSignature,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
} from 'vscode-languageclient/node';

import type { Log } from './log';
import { leavingToOthers } from './neighbours';
import { type Asked, answerQuestions } from './questions';
import { readLine } from './stderr';

/** What others say to a client with. */
export {
  ExecuteCommandRequest,
  WorkDoneProgress,
  WorkDoneProgressCancelNotification,
} from 'vscode-languageclient/node';

/** What a client is made of. */
export interface Parts {
  program: string;
  environment: NodeJS.ProcessEnv;
  log: Log;
  /** Runs what a lens or another extension asks for. */
  execute(command: string, args: unknown[], next: ExecuteCommandSignature): unknown;
  asked: Asked;
  /** Told when the server has ended without having been asked to. */
  crashed(): void;
}

/** A client that tells of its troubles through its owner alone: by itself it would show each of them. */
export class Client extends LanguageClient {
  #process: ChildProcess | undefined;
  /** How the process has ended, once it has. */
  #end: Promise<string> = Promise.resolve('');

  constructor(private readonly parts: Parts) {
    super('ksext', 'KubeSphere', () => this.#spawn(), optionsOf(parts));
    this.registerFeature(EXPERIMENTAL);
    answerQuestions(this, parts.asked);
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }

  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** How the process has ended, with what status or by what signal, if it has within so many milliseconds. */
  async endWithin(patience: number): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patience, undefined);
    });
    const end = await Promise.race([this.#end, late]);
    clearTimeout(timer);
    return end;
  }

  /** Waits until the process is gone; one that takes longer than `patience` milliseconds is ended. */
  async gone(patience: number): Promise<void> {
    if ((await this.endWithin(patience)) !== undefined) return;
    this.kill();
    await this.#end;
  }

  #spawn(): Promise<ChildProcess> {
    const { program, environment, log } = this.parts;
    const cwd = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath;
    const started = spawn(program, ['lsp'], { env: environment, ...(cwd && { cwd }) });
    this.#process = started;
    this.#end = new Promise((resolve) => {
      started.once('error', (error) => resolve(error.message));
      started.once('exit', (code, signal) => {
        const end = signal ?? String(code);
        log.info(`the server's process has ended (${end})`);
        resolve(end);
      });
    });
    return new Promise((resolve, reject) => {
      started.once('spawn', () => resolve(started));
      started.once('error', reject);
    });
  }
}

/** What we can beyond LSP, for the server. */
const EXPERIMENTAL: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = { ...capabilities.experimental, ksext: { longCommands: true, packageStatus: true } };
  },
  initialize: () => {},
  getState: () => ({ kind: 'static' }),
  clear: () => {},
};

function optionsOf({ log, execute, crashed }: Parts): LanguageClientOptions {
  return {
    // Beside manifests what a package is made of: the server is to know what is not saved yet.
    documentSelector: [
      { scheme: 'file', language: 'yaml' },
      { scheme: 'file', language: 'helm' },
      // The editor has no language for it by itself.
      { scheme: 'file', pattern: '**/.helmignore' },
      { scheme: 'file', language: 'markdown' },
      { scheme: 'untitled', language: 'yaml' },
    ],
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    stdioOptions: {
      // Carries the protocol.
      stdout: () => {},
      stderr: (input) => {
        createInterface({ input }).on('line', (line) => {
          const { level, text } = readLine(line);
          log[level](text);
        });
      },
    },
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      // A new client is made in its place; this one would not let go of what it is doing.
      closed: () => {
        crashed();
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
    middleware: {
      executeCommand: (command, args, next) => execute(command, args, next) as vscode.ProviderResult<unknown>,
      workspace: { configuration: leavingToOthers },
    },
  };
}
