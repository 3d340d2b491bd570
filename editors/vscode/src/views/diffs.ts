/** Diff editors for what would be published: beside one's own files, and beside the version that is published. */

import * as vscode from 'vscode';
import type { DiffAnswer, PreviewAnswer } from '../server/answers';
import type { PackageStatus } from '../server/protocol';
import { linked } from '../server/texts';
import { titleOf } from '../words';
import type { Surroundings } from '.';
import { ask, reason } from './ask';
import { ENTRIES, entryList, pairs } from './diffTexts';
import { Soon } from './soon';

/** What push would write; the query is the package's manifest. */
const PUBLISHED = 'ksext-published';
/** Texts of a comparison, which stay as they were when it was asked for. */
const COMPARED = 'ksext-compared';

export class Diffs {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #compared = new Map<string, string>();

  constructor(private readonly surroundings: Surroundings) {
    const { context, packages } = surroundings;
    const changed = new Soon(() => {
      const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === PUBLISHED);
      for (const { uri } of open) this.#changed.fire(uri);
    });
    const live = {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: (uri: vscode.Uri) => this.#published(uri),
    };
    const compared = { provideTextDocumentContent: (uri: vscode.Uri) => this.#compared.get(uri.toString()) ?? '' };
    context.subscriptions.push(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(PUBLISHED, live),
      vscode.workspace.registerTextDocumentContentProvider(COMPARED, compared),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#compared.delete(uri.toString())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === 'file') changed.call();
      }),
      packages.onDidChange(() => changed.call()),
      changed,
    );
  }

  /** One's own files beside those that push would write. */
  async preview(status: PackageStatus): Promise<void> {
    try {
      const { files } = await this.#ask(status.manifest);
      const root = vscode.Uri.parse(status.root);
      const resources = await Promise.all(
        files.map(async ({ path }) => {
          const own = vscode.Uri.joinPath(root, path);
          return [own, (await exists(own)) ? own : undefined, published(own, status)];
        }),
      );
      // The manifest first.
      resources.reverse();
      const entries = published(vscode.Uri.joinPath(root, ENTRIES), status);
      resources.push([entries, undefined, entries]);
      const title = vscode.l10n.t('{0} as it is published', titleOf(status));
      await vscode.commands.executeCommand('vscode.changes', title, resources);
    } catch (error) {
      void vscode.window.showErrorMessage(linked(reason(error)));
    }
  }

  /** The version that everybody can get beside this one. */
  async compare(answer: DiffAnswer): Promise<void> {
    const { name, version, against } = answer;
    // It may be compared more than once.
    const now = Date.now();
    const text = (side: 'before' | 'after', path: string, content: string) => {
      const uri = vscode.Uri.from({ scheme: COMPARED, path: `/${name}/${path}`, query: `${side} ${now}` });
      this.#compared.set(uri.toString(), content);
      return uri;
    };
    const resources = pairs(answer, vscode.l10n.t).map(({ path, before, after }) => {
      const right = text('after', path, after);
      return [right, text('before', path, before), right];
    });
    const title = vscode.l10n.t('{0}: {1} ↔ {2}', name, against.version, version);
    await vscode.commands.executeCommand('vscode.changes', title, resources);
  }

  #ask(manifest: string): Promise<PreviewAnswer> {
    return ask(this.surroundings.server, 'ksext.preview', { uri: manifest });
  }

  async #published(uri: vscode.Uri): Promise<string> {
    try {
      const answer = await this.#ask(uri.query);
      if (uri.path.endsWith(`/${ENTRIES}`)) return entryList(answer, vscode.l10n.t);
      return answer.files.find((file) => uri.path.endsWith(`/${file.path}`))?.text ?? '';
    } catch (error) {
      return `# ${reason(error).split('\n').join('\n# ')}\n`;
    }
  }
}

/** The text that push would write in the place of a file: under the same path, which the editor would call renamed otherwise. */
function published(own: vscode.Uri, { manifest }: PackageStatus): vscode.Uri {
  return own.with({ scheme: PUBLISHED, authority: '', query: manifest });
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
