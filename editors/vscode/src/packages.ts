/** What is known of the packages that are worked on, for everything that shows it. */

import * as vscode from 'vscode';

import {
  didChangePackageStatus,
  type ListedPackage,
  type PackageList,
  type PackageStatus,
  packageStatus,
  packages,
} from './server/protocol';
import type { Server } from './server/server';
import { rootOfPanel } from './views/panel';

export class Packages implements vscode.Disposable {
  #current: PackageStatus | undefined;
  /** The question that is under way, and whether to ask once more after it. */
  #looking: Promise<void> | undefined;
  #again = false;
  readonly #currentChanged = new vscode.EventEmitter<PackageStatus | undefined>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[] = [];

  /** Told when {@link current} may be another. */
  readonly onDidChangeCurrent = this.#currentChanged.event;
  /** Told when {@link of} may answer otherwise, of whatever package, or {@link all}. */
  readonly onDidChange = this.#changed.event;

  constructor(private readonly server: Server) {
    this.#subscriptions.push(
      this.#currentChanged,
      this.#changed,
      vscode.window.tabGroups.onDidChangeTabs(() => this.look()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.look()),
      server.onDidChangeHealth(({ state }) => {
        if (state === 'running') server.client?.onNotification(didChangePackageStatus, () => this.#ask());
        this.#ask();
      }),
    );
    this.look();
  }

  /** The package that the active tab is about. */
  get current(): PackageStatus | undefined {
    return this.#current;
  }

  /** {@link current} once it is known of the tab that is active now. */
  async settled(): Promise<PackageStatus | undefined> {
    while (this.#looking) await this.#looking;
    return this.#current;
  }

  /** What is known of the package of a file or folder. */
  async of(uri: vscode.Uri): Promise<PackageStatus | undefined> {
    return (await this.#request<PackageStatus | null>(packageStatus, { uri: uri.toString() })) ?? undefined;
  }

  /** The packages in the folders of the workspace. */
  async all(): Promise<ListedPackage[]> {
    return (await this.#request<PackageList>(packages))?.packages ?? [];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #request<Answer>(method: string, params?: object): Promise<Answer | undefined> {
    const { client } = this.server;
    try {
      // What takes no parameters must be given none.
      return await (params ? client?.sendRequest<Answer>(method, params) : client?.sendRequest<Answer>(method));
    } catch {
      // The server has stopped, or does not know this request: nothing is known.
      return undefined;
    }
  }

  #ask(): void {
    this.#changed.fire();
    this.look();
  }

  /** Looks what the active tab is about. Tabs change in bursts: one question at a time, and one more if there was reason to. */
  look(): void {
    this.#again = this.#looking !== undefined;
    this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
      if (this.#again) this.look();
    });
  }

  async #lookOnce(): Promise<void> {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const uri = tab && (rootOfPanel(tab) ?? uriOfTab(tab));
    this.#current = uri?.scheme === 'file' ? await this.of(uri) : undefined;
    this.#currentChanged.fire(this.#current);
  }
}

function uriOfTab({ input }: vscode.Tab): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputTextDiff)
    return input.modified.scheme === 'file' ? input.modified : input.original;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return undefined;
}
