/** The size of a package as a treemap: the page of `ksext size --format html` in the editor's colours. */

import './size-body';
import '../../../server/ksext/src/cli/size/report.js';
import './size.css';

import { keep, kept, listen, tell } from './host';

const draw = (report: unknown) => document.dispatchEvent(new CustomEvent('report', { detail: report }));

// Where the reader is stands in the address, which is another one when the page is loaded again.
location.hash = kept().hash ?? '';
addEventListener('hashchange', () => keep({ hash: location.hash }));
document.addEventListener('file', (event) => tell({ type: 'open', path: (event as CustomEvent<string>).detail }));
listen(draw);
