/** The one language server of the window: started, stopped and restarted one after the other. */

import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
} from 'vscode-languageclient/node';

import { type Found, findServer } from './find';

/** How the server is. */
export type Health =
  | { state: 'starting' | 'stopped' }
  | { state: 'running'; version: string; program: string }
  | { state: 'missing'; found: Found }
  | { state: 'failed'; error: string };

export class Server implements vscode.Disposable {
  #client: LanguageClient | undefined;
  #health: Health = { state: 'stopped' };
  /** The start or stop that is under way; each waits for the one before it, so that none is forgotten. */
  #turn: Promise<void> = Promise.resolve();
  readonly #changed = new vscode.EventEmitter<Health>();

  /** Told with every change of {@link health}. */
  readonly onDidChangeHealth = this.#changed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get health(): Health {
    return this.#health;
  }

  /** The client while the server runs. */
  get client(): LanguageClient | undefined {
    return this.#health.state === 'running' ? this.#client : undefined;
  }

  start(): Promise<void> {
    return this.#next(() => this.#start());
  }

  restart(): Promise<void> {
    return this.#next(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  stop(): Promise<void> {
    return this.#next(() => this.#stop());
  }

  dispose(): void {
    void this.stop();
    this.#changed.dispose();
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step, step);
    return this.#turn;
  }

  async #start(): Promise<void> {
    if (this.#client) return;
    const found = findServer({
      setting: vscode.workspace.getConfiguration('ksext').get('path', ''),
      extension: this.context.extensionPath,
      trusted: vscode.workspace.isTrusted,
      platform: process.platform,
      path: process.env.PATH ?? '',
    });
    if ('missing' in found) return this.#be({ state: 'missing', found });
    this.log.info(`starting ${found.program} (${found.origin})`);
    this.#be({ state: 'starting' });
    const run: ServerOptions = { command: found.program, args: ['lsp'] };
    this.#client = new LanguageClient('ksext', 'KubeSphere', run, this.#options());
    try {
      await this.#client.start();
      const version = this.#client.initializeResult?.serverInfo?.version ?? '';
      this.#be({ state: 'running', version, program: found.program });
    } catch (error) {
      this.#client = undefined;
      this.#be({ state: 'failed', error: error instanceof Error ? error.message : String(error) });
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client && client.state !== State.Stopped) await client.stop().catch((error) => this.log.warn(String(error)));
    this.#be({ state: 'stopped' });
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: [
        { scheme: 'file', language: 'yaml' },
        { scheme: 'untitled', language: 'yaml' },
      ],
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
    };
  }

  #be(health: Health): void {
    this.#health = health;
    this.#changed.fire(health);
  }
}
