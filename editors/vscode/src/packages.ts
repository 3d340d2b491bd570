/** What is known of the package that is worked on, for everything that shows it. */

import * as vscode from 'vscode';

import { didChangePackageStatus, type PackageStatus, packageStatus } from './server/protocol';
import type { Server } from './server/server';

export class Packages implements vscode.Disposable {
  #current: PackageStatus | undefined;
  readonly #changed = new vscode.EventEmitter<PackageStatus | undefined>();
  readonly #subscriptions: vscode.Disposable[] = [];

  /** Told when {@link current} may be another. */
  readonly onDidChangeCurrent = this.#changed.event;

  constructor(private readonly server: Server) {
    this.#subscriptions.push(
      this.#changed,
      vscode.window.onDidChangeActiveTextEditor(() => void this.#look()),
      server.onDidChangeHealth(({ state }) => {
        if (state === 'running') server.client?.onNotification(didChangePackageStatus, () => void this.#look());
        void this.#look();
      }),
    );
  }

  /** The package of the active editor's file. */
  get current(): PackageStatus | undefined {
    return this.#current;
  }

  /** What is known of the package of a file or folder. */
  async of(uri: vscode.Uri): Promise<PackageStatus | undefined> {
    return (await this.server.client?.sendRequest(packageStatus, { uri: uri.toString() })) ?? undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #look(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const status = document && document.uri.scheme === 'file' ? await this.of(document.uri) : undefined;
    // Another editor may have become active meanwhile.
    if (document !== vscode.window.activeTextEditor?.document) return;
    this.#current = status;
    this.#changed.fire(status);
  }
}
