/** The frame that the report is drawn into: that of the page of `ksext size`. */

import page from '../../../server/ksext/src/cli/size/report.html';

// Of the page's body alone: its own style is not wanted, and the policy would not let it in.
const body = page.slice(page.indexOf('<body>'), page.indexOf('<noscript>'));
const frame = new DOMParser().parseFromString(body, 'text/html');
document.body.append(...frame.body.children);
