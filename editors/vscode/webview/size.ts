/** The size of a package as a treemap: the page of `ksext size --format html` in the editor's colours. */

import './size-body';
import '../../../server/ksext/src/cli/size/report.js';
import './size.css';

import { listen, tell } from './host';

const draw = (report: unknown) => document.dispatchEvent(new CustomEvent('report', { detail: report }));

document.addEventListener('file', (event) => tell({ type: 'open', path: (event as CustomEvent<string>).detail }));
listen(draw);
