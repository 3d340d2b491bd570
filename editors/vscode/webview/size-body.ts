/** The frame that the report is drawn into: that of the page of `ksext size`. */

import page from '../../../server/ksext/src/cli/size/report.html';

const frame = new DOMParser().parseFromString(page, 'text/html');
document.body.append(...frame.querySelectorAll('body > header, body > main'));
