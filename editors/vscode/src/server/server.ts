/** The one language server of the window: started, stopped and restarted one after the other. */

import * as vscode from 'vscode';
import type { ExecuteCommandSignature, LanguageClient } from 'vscode-languageclient/node';

import type { Client } from './client';
import { Crashes } from './crashes';
import { environment } from './environment';
import { findServer, type Missing } from './find';
import type { Log } from './log';
import { isOlder, MINIMUM } from './version';

/** How long a server may take until it answers, and until it is gone, in milliseconds. */
const START_PATIENCE = 20_000;
const STOP_PATIENCE = 2_000;

/** How the server is. */
export type Health =
  | { state: 'starting' | 'stopped' }
  | { state: 'running'; version: string; program: string }
  | { state: 'missing'; missing: Missing }
  | { state: 'failed'; error: string };

/** What others do for the server. */
export interface Helpers {
  /** Done with a client before anybody else has it. */
  prepare(client: LanguageClient): Promise<void>;
  /** Runs what a lens or another extension asks for. */
  execute(command: string, args: unknown[], next: ExecuteCommandSignature): unknown;
  /** Whether a key is tried; what is to be said of it stands where it was typed. */
  isVerifying(): boolean;
}

/** A command of the server's that asks before it goes on. */
export interface Running {
  /** Whether somebody has said no to what it asked. */
  isDeclined: boolean;
}

export class Server implements vscode.Disposable {
  #client: Client | undefined;
  #health: Health = { state: 'stopped' };
  /** The start or stop that is under way; each waits for the one before it, so that none is forgotten. */
  #turn: Promise<void> = Promise.resolve();
  /** A restart that waits for its turn. */
  #restart: Promise<void> | undefined;
  #isGivenUp = false;
  readonly #crashes = new Crashes();
  readonly #changed = new vscode.EventEmitter<Health>();
  readonly #subscriptions: vscode.Disposable[] = [];

  /** Told with every change of {@link health}. */
  readonly onDidChangeHealth = this.#changed.event;

  /** The commands that are running and ask before they go on. */
  readonly running = new Set<Running>();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: Log,
    private readonly helpers: Helpers,
  ) {
    this.#subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (STARTING.some((setting) => change.affectsConfiguration(setting))) void this.restart();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      // Settings say more where Red Hat's extension is; see neighbours.ts.
      vscode.extensions.onDidChange(() => {
        void this.client?.sendNotification('workspace/didChangeConfiguration', { settings: null });
      }),
    );
  }

  get health(): Health {
    return this.#health;
  }

  /** The client while the server runs. */
  get client(): LanguageClient | undefined {
    return this.#health.state === 'running' ? this.#client : undefined;
  }

  /** The client once what is under way is done; `undefined` if the server does not run then. */
  async ready(): Promise<LanguageClient | undefined> {
    await this.#turn;
    return this.client;
  }

  start(): Promise<void> {
    return this.#next(() => this.#start());
  }

  restart(): Promise<void> {
    this.#crashes.forget();
    this.#giveUp();
    // Reasons to restart come together; one restart is enough for all that it has not begun before.
    this.#restart ??= this.#next(async () => {
      this.#restart = undefined;
      await this.#stop();
      await this.#start();
    });
    return this.#restart;
  }

  stop(): Promise<void> {
    this.#giveUp();
    return this.#next(() => this.#stop());
  }

  /** Ends a server that has not come up yet, which nobody waits for any more. */
  #giveUp(): void {
    if (this.#health.state !== 'starting') return;
    this.#isGivenUp = true;
    this.#client?.kill();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    void this.stop().finally(() => this.#changed.dispose());
  }

  #next(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step, step);
    return this.#turn;
  }

  async #start(): Promise<void> {
    if (this.#client) return;
    const settings = vscode.workspace.getConfiguration('ksext');
    const found = findServer({
      setting: settings.get<string | null>('path') ?? '',
      extension: this.context.extensionPath,
      trusted: vscode.workspace.isTrusted,
      platform: process.platform,
      path: process.env.PATH ?? '',
    });
    if ('missing' in found) {
      this.log.warn(`there is no server to start (${found.missing})`);
      return this.#be({ state: 'missing', missing: found.missing });
    }
    this.log.info(`starting ${found.program} (${found.origin})`);
    // Most of the extension's code: it is loaded once the editor has gone on.
    await new Promise(setImmediate);
    const { Client } = await import('./client');
    const client = new Client({
      program: found.program,
      environment: this.#environment(),
      log: this.log,
      execute: this.helpers.execute,
      asked: {
        isAsking: () => this.running.size > 0,
        declined: () => {
          for (const command of this.running) command.isDeclined = true;
        },
        isVerifying: this.helpers.isVerifying,
      },
      crashed: () => this.#crashed(client),
    });
    this.#client = client;
    this.#be({ state: 'starting' });
    try {
      const version = await this.#comeUp(client);
      if (isOlder(version, MINIMUM)) throw new Error(tooOld(found.program, version));
      this.log.info(`${found.program} ${version} is running`);
      await this.helpers.prepare(client);
      if (!client.isRunning()) throw new Error(endedWith((await client.endWithin(0)) ?? '?'));
      this.#be({ state: 'running', version, program: found.program });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.log.error(`${found.program} could not be started: ${message}`);
      await this.#stop();
      // Whoever has given it up does not need to be told.
      if (!this.#isGivenUp) this.#be({ state: 'failed', error: message });
    }
  }

  /** Starts the program and answers its version. */
  async #comeUp(client: Client): Promise<string> {
    this.#isGivenUp = false;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      client.kill();
    }, START_PATIENCE);
    try {
      await client.start();
      return client.initializeResult?.serverInfo?.version ?? '';
    } catch (error) {
      if (isLate) throw new Error(vscode.l10n.t('it gave no answer within {0} seconds', START_PATIENCE / 1000));
      // A process that has ended is the reason for whatever else went wrong.
      const end = await client.endWithin(STOP_PATIENCE);
      throw end === undefined ? error : new Error(endedWith(end));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the server; whatever happens, its process is gone afterwards. */
  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    this.#be({ state: 'stopped' });
    try {
      if (client.isRunning()) await client.stop(STOP_PATIENCE);
    } catch (error) {
      this.log.warn(`the server did not stop as it should: ${error}`);
    }
    await client.gone(STOP_PATIENCE);
  }

  #crashed(client: Client): void {
    // Whether it was still starting, its start tells.
    if (client !== this.#client || this.#health.state !== 'running') return;
    this.log.error('the server has ended by itself');
    void this.#next(async () => {
      await this.#stop();
      if (this.#crashes.forgives(Date.now())) return this.#start();
      this.#be({ state: 'failed', error: vscode.l10n.t('it ended by itself several times') });
    });
  }

  #environment(): NodeJS.ProcessEnv {
    const http = vscode.workspace.getConfiguration('http');
    return environment({
      inherited: process.env,
      proxy: http.get<string | null>('proxy') ?? '',
      noProxy: http.get<string[] | null>('noProxy') ?? [],
      isVerbose: this.log.logLevel <= vscode.LogLevel.Debug && this.log.logLevel !== vscode.LogLevel.Off,
    });
  }

  #be(health: Health): void {
    this.#health = health;
    this.#changed.fire(health);
  }
}

/** The settings that decide what is started. */
const STARTING = ['ksext.path', 'http.proxy', 'http.noProxy'];

function tooOld(program: string, version: string): string {
  return vscode.l10n.t('{0} is version {1}, and {2} or newer is needed', program, version || '?', MINIMUM);
}

function endedWith(end: string): string {
  return vscode.l10n.t('it has ended by itself ({0})', end);
}
