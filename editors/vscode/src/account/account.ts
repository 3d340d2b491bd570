/** The account at KubeSphere Cloud, as the editor's Accounts menu has it. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { WhoamiAnswer } from '../server/answers';
import type { Log } from '../server/log';
import { refusalOf } from '../server/refusal';
import { send } from '../server/send';
import { askKey } from './ask';
import { type Kept, keptOf, Sessions, type Store, sessionOf } from './sessions';

/** The id of the provider, as `package.json` declares it. */
const PROVIDER = 'kubesphere';
const LABEL = 'KubeSphere Cloud';
/** What stands in the settings for the public cloud. */
const PUBLIC = 'https://kubesphere.cloud';

export class Account implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #changed = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly #subscriptions: vscode.Disposable[];
  /** The login that is shown, by which a change made in another window is told. */
  #shown: Kept | undefined;
  /** Waits for the server; set by whoever has both. */
  #client: () => Promise<LanguageClient | undefined> = async () => undefined;

  readonly onDidChangeSessions = this.#changed.event;

  /** Whether a key is tried that somebody has typed. */
  isVerifying = false;

  constructor(
    secrets: vscode.SecretStorage,
    private readonly log: Log,
  ) {
    this.#sessions = new Sessions(secrets);
    this.#subscriptions = [
      this.#changed,
      vscode.authentication.registerAuthenticationProvider(PROVIDER, LABEL, this),
      secrets.onDidChange(({ key }) => {
        if (this.#sessions.isAbout(key, address())) void this.#follow();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ksext.server')) void this.#follow();
      }),
    ];
  }

  /** Says whose commands verify keys. */
  use(client: () => Promise<LanguageClient | undefined>): void {
    this.#client = client;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** Gives a server that has just started the key that the editor keeps for it. */
  async handOver(client: LanguageClient): Promise<void> {
    // Nothing is asked of the cloud for a folder that is not trusted.
    if (!vscode.workspace.isTrusted) return;
    const kept = await this.#load();
    if (kept?.key === undefined) return;
    this.log.conceal(kept.key);
    const argument = { token: kept.key, server: kept.server, store: false, verify: false };
    try {
      await send(client, 'ksext.login', argument);
    } catch (error) {
      this.log.warn(`the key for ${kept.server} could not be handed over: ${refusalOf(error).message}`);
    }
  }

  /** The login at the server of the settings, if the editor knows of one. */
  async current(): Promise<Kept | undefined> {
    return this.#load();
  }

  /** Asks for a key and keeps it; `undefined` if the user gives none. */
  async signIn(): Promise<Kept | undefined> {
    const client = await this.#client();
    if (!client) throw new Error(vscode.l10n.t('The language server is not running.'));
    const where = address();
    const kept = await askKey(where || PUBLIC, async (key) => {
      this.log.conceal(key);
      const store = storeOf() === 'ksbuilder';
      const argument = { token: key, store, ...(where && { server: where }) };
      this.isVerifying = true;
      try {
        const login = await send(client, 'ksext.login', argument);
        return keptOf(login, store ? undefined : key);
      } finally {
        this.isVerifying = false;
      }
    });
    if (kept) await this.#keep(where, kept);
    return kept;
  }

  /** Whose key the server has, wherever it comes from; one that the editor does not keep is shown as the account too. */
  async adopt(): Promise<WhoamiAnswer | undefined> {
    const client = await this.#client();
    if (!client) return undefined;
    try {
      const found = await send(client, 'ksext.whoami', {});
      if (found.source !== 'memory') await this.#keep(address(), keptOf(found, undefined));
      return found;
    } catch (error) {
      this.log.debug(`there is no login: ${refusalOf(error).message}`);
      return undefined;
    }
  }

  /** Forgets the login; a key that is kept for ksbuilder goes too if `shared`. */
  async signOut(shared: boolean): Promise<void> {
    const client = await this.#client();
    await this.#sessions.clear(address());
    if (client) await send(client, 'ksext.logout', { store: shared });
    await this.#follow();
  }

  // What the editor asks of an authentication provider.

  async getSessions(): Promise<vscode.AuthenticationSession[]> {
    const kept = await this.#load();
    return kept ? [sessionOf(kept)] : [];
  }

  async createSession(): Promise<vscode.AuthenticationSession> {
    const kept = await this.signIn();
    if (!kept) throw new vscode.CancellationError();
    return sessionOf(kept);
  }

  async removeSession(): Promise<void> {
    const kept = await this.#load();
    await this.signOut(kept !== undefined && kept.key === undefined);
  }

  async #load(): Promise<Kept | undefined> {
    const kept = await this.#sessions.load(address());
    this.#shown ??= kept;
    return kept;
  }

  async #keep(where: string, kept: Kept): Promise<void> {
    await this.#sessions.save(where, kept);
    this.#show(kept);
  }

  /** Takes over what another window has done, or what belongs to another server. */
  async #follow(): Promise<void> {
    const kept = await this.#sessions.load(address());
    const before = this.#shown;
    if (JSON.stringify(kept) === JSON.stringify(before)) return;
    this.#show(kept);
    const client = await this.#client();
    if (!client) return;
    if (kept) await this.handOver(client);
    else if (before?.key !== undefined) await send(client, 'ksext.logout', { store: false }).catch(() => {});
  }

  #show(kept: Kept | undefined): void {
    const before = this.#shown;
    this.#shown = kept;
    this.#changed.fire({
      added: kept && kept.id !== before?.id ? [sessionOf(kept)] : [],
      removed: before && kept?.id !== before.id ? [sessionOf(before)] : [],
      changed: kept && kept.id === before?.id ? [sessionOf(kept)] : [],
    });
  }
}

/** The server in the settings; empty for the public cloud. */
function address(): string {
  return (vscode.workspace.getConfiguration('ksext').get<string | null>('server') ?? '').trim();
}

function storeOf(): Store {
  return vscode.workspace.getConfiguration('ksext').get<Store>('login.store') ?? 'editor';
}
