/** Panels with a page about one package, drawn again whenever what they show may have changed. */

import { randomBytes } from 'node:crypto';

import * as vscode from 'vscode';
import type { PackageStatus } from '../server/protocol';
import type { Server } from '../server/server';
import type { Surroundings } from '.';
import { reason } from './ask';
import { Soon } from './soon';

/** Pages that show the same of different packages. */
export interface Kind {
  /** Of the panel, of `dist/webview/NAME.js` and of `dist/webview/NAME.css`. */
  name: 'size' | 'marketplace';
  icon: string;
  title(status: PackageStatus): string;
  /** What the page draws. */
  draw(status: PackageStatus, page: Page): Promise<unknown>;
  /** What a person has done on it. */
  heard(message: Heard, status: PackageStatus, page: Page): unknown;
}

/** What a page says. */
export interface Heard {
  type: string;
  path?: string;
  field?: string;
}

/** What a page keeps over a reload of the window. */
interface Kept {
  root?: string;
}

const PREFIX = 'kubesphere.';

/** Pictures that a page may show. */
const PICTURES = '**/*.{png,jpg,jpeg,gif,svg,webp,ico,bmp}';

/** The package of the panel that is used, if one is. */
let used: vscode.Uri | undefined;

/** The folder of the package that a tab is about, if it is one of these panels. */
export function rootOfPanel({ input }: vscode.Tab): vscode.Uri | undefined {
  // The editor puts its own word before the type.
  return input instanceof vscode.TabInputWebview && /(^|-)kubesphere\./.test(input.viewType) ? used : undefined;
}

/** The panels of one kind. */
export class Pages implements vscode.WebviewPanelSerializer<Kept> {
  readonly #open = new Map<string, Page>();

  constructor(
    private readonly surroundings: Surroundings,
    private readonly kind: Kind,
  ) {
    surroundings.context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(PREFIX + kind.name, this));
  }

  show(status: PackageStatus): void {
    const open = this.#open.get(status.root);
    if (open) {
      open.panel.reveal();
      return;
    }
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    // Beside the text, and among the other panels.
    const column = tab && rootOfPanel(tab) ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    this.#fill(vscode.window.createWebviewPanel(PREFIX + this.kind.name, this.kind.title(status), column), status.root);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: Kept | undefined): Promise<void> {
    if (state?.root) this.#fill(panel, state.root);
    else panel.dispose();
  }

  #fill(panel: vscode.WebviewPanel, root: string): void {
    this.#open.set(root, new Page(this.surroundings, this.kind, panel, vscode.Uri.parse(root)));
    panel.onDidDispose(() => this.#open.delete(root));
  }
}

export class Page {
  /** Whether pictures from the network are loaded: only after the reader has asked for it. */
  loadsRemote = false;
  /** Another one after each change of a picture, so that none is shown as it was. */
  pictures = 0;
  readonly #drawing = new Soon(() => void this.#draw());
  #isStale = true;
  /** Of the newest drawing; what an older one has found is late. */
  #turn = 0;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly kind: Kind,
    readonly panel: vscode.WebviewPanel,
    readonly root: vscode.Uri,
  ) {
    const { context, server, packages } = surroundings;
    const icon = (theme: string) => vscode.Uri.joinPath(context.extensionUri, 'images', `${kind.icon}-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#bundle(), root] };
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, PICTURES));
    const repaint = () => {
      this.pictures += 1;
      this.#soon();
    };
    const subscriptions = [
      watcher,
      watcher.onDidChange(repaint),
      watcher.onDidCreate(repaint),
      watcher.onDidDelete(repaint),
      packages.onDidChange(() => this.#soon()),
      server.onDidChangeHealth(() => this.#soon()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#holds(document.uri)) this.#soon();
      }),
      panel.onDidChangeViewState(() => {
        this.#use();
        if (this.#isStale) this.#soon();
      }),
      panel.webview.onDidReceiveMessage((message: Heard) => this.#hear(message)),
    ];
    panel.onDidDispose(() => {
      this.#drawing.dispose();
      // What is being drawn comes too late.
      this.#turn += 1;
      vscode.Disposable.from(...subscriptions).dispose();
    });
    this.load();
    this.#use();
  }

  get server(): Server {
    return this.surroundings.server;
  }

  /** Where a file of the package is shown, so that the page stays in sight. */
  get columnBeside(): vscode.ViewColumn {
    return this.panel.viewColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One;
  }

  /** Starts the page anew; it says when it is ready. */
  load(): void {
    this.panel.webview.html = this.#html();
  }

  /** The address that the page finds a file of the package at. */
  address(uri: vscode.Uri): string {
    return this.panel.webview.asWebviewUri(uri).toString();
  }

  /** The file of the package at a path that the page names. */
  fileAt(path: string): vscode.Uri | undefined {
    const uri = vscode.Uri.joinPath(this.root, path);
    return this.#holds(uri) ? uri : undefined;
  }

  #use(): void {
    if (!this.panel.active) return;
    used = this.root;
    this.surroundings.packages.look();
  }

  #holds(uri: vscode.Uri): boolean {
    return uri.scheme === this.root.scheme && uri.path.startsWith(`${this.root.path.replace(/\/$/, '')}/`);
  }

  async #hear(message: Heard): Promise<void> {
    if (message.type === 'ready') return this.#draw();
    const status = await this.surroundings.packages.of(this.root);
    if (status) await this.kind.heard(message, status, this);
  }

  #soon(): void {
    this.#isStale = true;
    if (this.panel.visible) this.#drawing.call();
    else this.#drawing.dispose();
  }

  async #draw(): Promise<void> {
    const { server, packages } = this.surroundings;
    this.#isStale = false;
    this.#turn += 1;
    const turn = this.#turn;
    const post = (message: object) => {
      if (turn === this.#turn) void this.panel.webview.postMessage({ root: this.root.toString(), ...message });
    };
    if (server.health.state === 'starting') return;
    if (!server.client) return post({ failed: vscode.l10n.t('The language server is not running.') });
    try {
      const status = await packages.of(this.root);
      if (turn !== this.#turn) return;
      if (!status) return post({ failed: vscode.l10n.t('Nothing is known of this package.') });
      this.panel.title = this.kind.title(status);
      post({ show: await this.kind.draw(status, this) });
    } catch (error) {
      post({ failed: reason(error) });
    }
  }

  #bundle(): vscode.Uri {
    return vscode.Uri.joinPath(this.surroundings.context.extensionUri, 'dist', 'webview');
  }

  #html(): string {
    const { webview } = this.panel;
    const nonce = randomBytes(16).toString('base64');
    const file = (end: string) => this.address(vscode.Uri.joinPath(this.#bundle(), `${this.kind.name}.${end}`));
    const policy = [
      "default-src 'none'",
      `img-src ${webview.cspSource} data:${this.loadsRemote ? ' https:' : ''}`,
      `style-src ${webview.cspSource}`,
      `script-src 'nonce-${nonce}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ];
    return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file('css')}">
</head>
<body>
<p id="failed" role="alert" hidden></p>
<script nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>`;
  }
}
