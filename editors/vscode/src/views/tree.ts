/** The *KubeSphere Marketplace* view: one's own extensions, their versions, and where each stands in the review. */

import * as vscode from 'vscode';
import type { StatusAnswer } from '../server/answers';
import { type Ages, type AllAnswers, ages, type PackageStatus, type Tone } from '../server/protocol';
import { Refused } from '../server/refusal';
import { bare } from '../server/texts';
import type { Surroundings } from '.';
import { ask, reason } from './ask';
import { extensionRows, obstacleOf, type Row, snapshotRows } from './list';

export const VIEW = 'kubesphere.extensions';

/** Words of age are told anew after so many milliseconds. */
const MINUTE = 60_000;

const ICONS: Record<Tone, [string, string?]> = {
  draft: ['edit', 'descriptionForeground'],
  waiting: ['clock', 'charts.yellow'],
  good: ['pass-filled', 'charts.green'],
  bad: ['error', 'charts.red'],
  unknown: ['circle-outline'],
};

/** What the cloud has said last, and the question that it answers or has not answered; that is not asked again by itself. */
interface Answer {
  asked?: Promise<unknown>;
  known?: unknown;
}

/** Asks the cloud only while somebody looks, and keeps what it has said until there is a reason to ask again. */
export class Extensions implements vscode.TreeDataProvider<Row> {
  /** By the name of the extension; that of all of them by none. */
  readonly #answers = new Map<string, Answer>();
  /** What was last heard of each package that was worked on, to see when it has changed. */
  readonly #heard = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<Row | undefined>();
  readonly #view: vscode.TreeView<Row>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly surroundings: Surroundings) {
    this.#view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    const minutes = setInterval(() => {
      if (this.#view.visible) void this.#age();
    }, MINUTE);
    surroundings.context.subscriptions.push(
      this.#view,
      this.#changed,
      { dispose: () => clearInterval(minutes) },
      surroundings.packages.onDidChangeCurrent((status) => this.#compare(status)),
      surroundings.server.onDidChangeHealth(() => this.refresh()),
      surroundings.account.onDidChangeSessions(() => this.#forget()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
    );
  }

  /** Asks again, at once if somebody looks. */
  refresh(): void {
    for (const answer of this.#answers.values()) delete answer.asked;
    this.#changed.fire(undefined);
  }

  /** What was said to another account is not shown to this one. */
  #forget(): void {
    this.#answers.clear();
    this.#changed.fire(undefined);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const isExtension = row.kind === 'extension';
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.title, isExtension ? Collapsed : None);
    const [icon, color] = isExtension ? ['package', undefined] : ICONS[row.tone];
    item.id = `${row.kind}:${row.id}`;
    item.description = row.description;
    item.contextValue = row.context;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    const tooltip = new vscode.MarkdownString();
    tooltip.appendMarkdown('**').appendText(row.label).appendMarkdown('**\n\n');
    for (const line of row.tooltip) tooltip.appendText(line).appendMarkdown('\n\n');
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: [row.title, row.description].filter(Boolean).join(', ') };
    return item;
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return row ? this.#snapshots(row) : this.#extensions();
  }

  async #extensions(): Promise<Row[]> {
    // Nothing is sent from a folder that is not trusted.
    if (!vscode.workspace.isTrusted) {
      this.#say('untrusted');
      return [];
    }
    // It says by itself when it has started.
    if (this.surroundings.server.health.state === 'starting') return [];
    const { answer, error } = await this.#answer('', 'ksext.list', {});
    const rows = answer ? extensionRows(answer, vscode.l10n.t) : [];
    if (error === undefined) this.#say(rows.length ? 'listed' : 'empty');
    else {
      const obstacle = error instanceof Refused ? obstacleOf(error.kind) : 'failed';
      // A message would hide the welcome text with what can be done.
      this.#say(obstacle, rows.length > 0 ? bare(reason(error)) : undefined);
    }
    return rows;
  }

  async #snapshots({ name }: Row): Promise<Row[]> {
    const { answer, error } = await this.#answer(name, 'ksext.status', { name });
    if (error !== undefined) this.#view.message = bare(reason(error));
    return answer ? snapshotRows(answer, vscode.env.language, vscode.l10n.t) : [];
  }

  /** What the cloud says, or has said before while it cannot be asked. */
  async #answer<Id extends keyof AllAnswers>(
    key: string,
    command: Id,
    argument: object,
  ): Promise<{ answer?: AllAnswers[Id]; error?: unknown }> {
    const kept = this.#answers.get(key) ?? {};
    this.#answers.set(key, kept);
    kept.asked ??= ask(this.surroundings.server, command, argument).catch((error) => {
      this.surroundings.log.warn(`${command}: ${reason(error)}`);
      throw error;
    });
    try {
      kept.known = await kept.asked;
      return { answer: kept.known as AllAnswers[Id] };
    } catch (error) {
      if (error instanceof Refused && error.kind === 'auth') delete kept.known;
      return { ...(kept.known !== undefined && { answer: kept.known as AllAnswers[Id] }), error };
    }
  }

  /** Words of age are true for a while; the cloud need not be asked for others. */
  async #age(): Promise<void> {
    const known = [...this.#answers]
      .filter(([name]) => name)
      .map(([, answer]) => answer.known as StatusAnswer | undefined);
    const snapshots = known.flatMap((status) => status?.snapshots ?? []).filter(({ ageText }) => ageText);
    if (snapshots.length === 0) return;
    const times = snapshots.map(({ updatedAt }) => updatedAt);
    const asked = this.surroundings.server.client?.sendRequest<Ages>(ages, { times });
    const texts = (await asked?.catch(() => undefined))?.texts ?? [];
    for (const [at, snapshot] of snapshots.entries()) snapshot.ageText = texts[at] ?? snapshot.ageText ?? '';
    this.#changed.fire(undefined);
  }

  #say(state: string, message?: string): void {
    void vscode.commands.executeCommand('setContext', 'kubesphere.marketplace', state);
    // An empty message is none.
    this.#view.message = message ?? '';
  }

  /** The cloud is asked again when the server has heard something new of the package that is worked on. */
  #compare(status: PackageStatus | undefined): void {
    if (!status) return;
    const { root, server, loggedIn, name, version, review } = status;
    const before = this.#heard.get(root);
    const heard = JSON.stringify([server, loggedIn, name, version, review?.status]);
    this.#heard.set(root, heard);
    if (before !== undefined && before !== heard) this.refresh();
  }
}
