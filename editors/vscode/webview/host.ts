/** The editor that a page stands in. */

import { element, prose } from './elements';

interface Editor {
  postMessage(message: object): void;
  getState(): unknown;
  setState(state: object): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();

/** Tells the editor what the reader has done. */
export function tell(message: { type: string; path?: string; field?: string }): void {
  editor.postMessage(message);
}

/** What the page was like before it was loaded again. */
export function kept(): Record<string, string> {
  return (editor.getState() as Record<string, string> | undefined) ?? {};
}

/** Keeps something until the page is loaded again. */
export function keep(what: Record<string, string>): void {
  editor.setState({ ...kept(), ...what });
}

/** Draws what the editor sends, from now on. What failed is told above what was drawn last. */
export function listen(draw: (data: unknown) => void): void {
  addEventListener('message', ({ data }) => {
    const failed = document.getElementById('failed');
    if (failed) {
      failed.replaceChildren(element('span', {}, ...prose(data.failed ?? '')));
      failed.hidden = data.failed === undefined;
    }
    if (data.root) keep({ root: data.root });
    if (data.show !== undefined) draw(data.show);
  });
  tell({ type: 'ready' });
}
