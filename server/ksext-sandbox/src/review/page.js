// The reviewer's page. What it shows was written by strangers: it becomes text and attributes of elements, never HTML.

const TEXTS = {
  en: {
    title: 'Review',
    about: 'Extensions pushed to this sandbox',
    skip: 'Skip to the extension',
    other: '中文',
    waiting: 'Waiting for review',
    decided: 'All others',
    emptyTitle: 'Nothing has been pushed yet',
    emptyText: 'What you push to this sandbox appears here by itself. In a terminal:',
    choose: 'Choose an extension in the list.',
    offline: 'The sandbox does not answer. Trying again…',
    gone: 'This version is not here any more.',
    failed: (status) => `That did not work: the sandbox answered with status ${status}.`,
    unreachable: 'That did not work: the sandbox does not answer.',
    late: 'This version no longer waits for review.',
    approve: 'Approve',
    reject: 'Reject…',
    rejectTitle: (name) => `Reject ${name}`,
    reason: 'Reason, for the author to read',
    confirm: 'Reject',
    cancel: 'Cancel',
    state: 'State',
    because: 'Reason',
    changed: 'Changed',
    size: 'Packed size',
    sizeOf: (size, limit, percent) => `${size} of ${limit} (${percent})`,
    snapshot: 'Snapshot',
    latest: 'Published version',
    noLatest: 'none',
    archive: 'Package',
    screenshots: 'Screenshots',
    noScreenshots: 'None.',
    screenshot: (number) => `Screenshot ${number}`,
    noPicture: (label) => `${label} cannot be loaded from`,
    noIcon: 'no icon',
    unreadable: 'The package cannot be unpacked, so nothing in it can be shown.',
    entries: 'Files in the package',
    files: (count) => `(${count})`,
    path: 'File',
    bytes: 'Size',
    cut: 'The rest is not shown.',
    labels: {
      'extension.yaml': 'extension.yaml as it will be published',
      'permissions.yaml': 'permissions.yaml: the rights that it asks for',
    },
    states: { draft: 'Draft', submitted: 'Submitted', active: 'Active', rejected: 'Rejected' },
    news: (name, state) => `${name}: ${state}`,
  },
  zh: {
    title: '审核',
    about: '推送到此沙箱的扩展组件',
    skip: '跳到扩展组件',
    other: 'English',
    waiting: '等待审核',
    decided: '其他',
    emptyTitle: '还没有推送过扩展组件',
    emptyText: '推送到此沙箱的扩展组件会自动显示在这里。在终端中运行：',
    choose: '请在列表中选择一个扩展组件。',
    offline: '沙箱没有响应，正在重试……',
    gone: '此版本已不存在。',
    failed: (status) => `操作失败：沙箱返回状态码 ${status}。`,
    unreachable: '操作失败：沙箱没有响应。',
    late: '此版本已不在等待审核。',
    approve: '通过',
    reject: '驳回…',
    rejectTitle: (name) => `驳回 ${name}`,
    reason: '驳回理由（作者会看到）',
    confirm: '驳回',
    cancel: '取消',
    state: '状态',
    because: '理由',
    changed: '更新时间',
    size: '扩展组件包大小',
    sizeOf: (size, limit, percent) => `${size}，上限 ${limit}（${percent}）`,
    snapshot: '快照',
    latest: '已发布版本',
    noLatest: '无',
    archive: '扩展组件包',
    screenshots: '截图',
    noScreenshots: '无。',
    screenshot: (number) => `截图 ${number}`,
    noPicture: (label) => `${label} 无法加载：`,
    noIcon: '无图标',
    unreadable: '扩展组件包无法解开，因此无法显示其中的内容。',
    entries: '包内文件',
    files: (count) => `（${count} 个）`,
    path: '文件',
    bytes: '大小',
    cut: '其余内容未显示。',
    labels: {
      'extension.yaml': 'extension.yaml（发布时的内容）',
      'permissions.yaml': 'permissions.yaml（申请的权限）',
    },
    states: { draft: '草稿', submitted: '审核中', active: '已通过', rejected: '已驳回' },
    news: (name, state) => `${name}：${state}`,
  },
};

const lang = document.documentElement.lang === 'zh' ? 'zh' : 'en';
const text = TEXTS[lang];
/** The browser's own kind of that language, for numbers and dates. */
const locale = navigator.languages.find((liked) => liked.split('-')[0] === lang) ?? lang;

/** An element with attributes (`on…` being handlers, null leaving one out) and children, texts among them. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const frame = {
  news: element('p', { class: 'away', role: 'status' }),
  offline: element('p', { class: 'offline', role: 'alert', hidden: '' }, text.offline),
  list: element('nav', { 'aria-label': text.about }),
  main: element('main', { id: 'main', tabindex: '-1' }),
  other: element('a', { href: '', lang: lang === 'zh' ? 'en' : 'zh', hreflang: lang === 'zh' ? 'en' : 'zh' }, text.other),
};

/** What the sandbox told last: the list, and the row whose details are shown. */
let known = null;
let shown = null;

const chosen = () => decodeURIComponent(location.hash.slice(1));
const inLang = (texts) => texts?.[lang] ?? texts?.en ?? Object.values(texts ?? {})[0];
const string = (value) => (typeof value === 'string' ? value : null);
const title = (row) => string(inLang(row.displayName)) ?? row.name;
const full = (row) => `${title(row)} ${row.version}`;
const stateOf = (row) => text.states[row.status] ?? row.status;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const bytes = (count) => `${new Intl.NumberFormat(locale).format(count)} B`;
const moment = (time) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));
const percent = (part) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(part);

function icon(row, size) {
  const none = () => element('span', { class: `icon none ${size}`, role: 'img', 'aria-label': text.noIcon });
  if (!row.icon) return none();
  const image = element('img', { class: `icon ${size}`, src: row.icon, alt: '', onerror: () => image.replaceWith(none()) });
  return image;
}

const badge = (row) => element('span', { class: `state ${text.states[row.status] ? row.status : ''}` }, stateOf(row));

// The list.

function drawList() {
  const focused = document.activeElement?.closest('nav a')?.hash;
  const scrolled = frame.list.scrollTop;
  const rows = [...known.snapshots].reverse();
  const waiting = rows.filter((row) => row.status === 'submitted');
  const others = rows.filter((row) => row.status !== 'submitted');
  const group = (label, rows) => (rows.length ? [element('h2', {}, label), element('ul', {}, ...rows.map(listed))] : []);
  frame.list.replaceChildren(...group(text.waiting, waiting), ...group(text.decided, others));
  document.title = `${waiting.length ? `(${waiting.length}) ` : ''}${text.title} · ksext sandbox`;
  frame.list.scrollTop = scrolled;
  if (focused) frame.list.querySelector(`a[href="${focused}"]`)?.focus();
}

function listed(row) {
  const link = element(
    'a',
    { href: `#${row.id}`, 'aria-current': row.id === chosen() ? 'true' : null },
    icon(row, ''),
    element('span', {}, element('span', { class: 'title' }, title(row)), element('span', { class: 'under' }, `${row.name} ${row.version}`)),
    // What waits has a heading that says so.
    row.status === 'submitted' ? null : badge(row),
  );
  return element('li', {}, link);
}

// One snapshot.

async function drawMain(news) {
  const row = known.snapshots.find((row) => row.id === chosen());
  if (!row) {
    shown = null;
    frame.main.replaceChildren(...(known.snapshots.length ? nothingChosen() : empty()));
    return;
  }
  if (shown && same(shown, row)) return;
  const answer = await fetch(`/review/snapshots/${encodeURIComponent(row.id)}`);
  if (row.id !== chosen()) return;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const open = new Set([...frame.main.querySelectorAll('details[open]')].map((details) => details.dataset.name));
  const another = shown?.id !== row.id;
  const hadFocus = frame.main.contains(document.activeElement);
  shown = row;
  frame.main.replaceChildren(...snapshot(await answer.json()));
  if (!another) frame.main.querySelectorAll('details').forEach((details) => (details.open = open.has(details.dataset.name)));
  if (hadFocus || (another && !news)) frame.main.querySelector('h2')?.focus({ preventScroll: !another });
}

function nothingChosen() {
  return [element('p', { class: 'empty' }, known.snapshots.some((row) => row.id === chosen()) || !chosen() ? text.choose : text.gone)];
}

function empty() {
  const lines = `ksext login --server ${known.server}\nksext push`;
  return [element('section', {}, element('h2', { tabindex: '-1' }, text.emptyTitle), element('p', { class: 'note' }, text.emptyText), element('pre', {}, lines))];
}

function snapshot(details) {
  if (details.unreadable !== undefined) {
    return [summary(details), element('section', {}, element('p', {}, text.unreadable), element('pre', {}, details.unreadable))];
  }
  return [summary(details), screenshots(details), ...details.texts.map(file), entries(details)];
}

function summary(details) {
  const described = string(inLang(details.description));
  const facts = [
    [text.state, badge(details)],
    details.reason ? [text.because, details.reason] : null,
    [text.changed, element('time', { datetime: details.updatedAt }, moment(details.updatedAt))],
    [text.size, sizeOf(details)],
    [text.latest, details.latestVersion ?? text.noLatest],
    [text.snapshot, element('code', {}, details.id)],
    [text.archive, element('a', { href: details.archive, download: '' }, `${details.name}-${details.version}.tgz`)],
  ];
  return element(
    'section',
    {},
    element(
      'div',
      { class: 'head' },
      icon(details, 'big'),
      element('div', {}, element('h2', { tabindex: '-1' }, full(details)), element('p', { class: 'under' }, details.name)),
    ),
    described ? element('p', { class: 'description' }, described) : null,
    element('dl', { class: 'facts' }, ...facts.filter(Boolean).flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)])),
    details.status === 'submitted' ? acts(details) : null,
    element('p', { class: 'problem', role: 'alert', hidden: '' }),
  );
}

function sizeOf({ size, limit }) {
  const share = percent(size / limit);
  const meter = element('meter', { min: 0, max: limit, high: limit * 0.9, optimum: 0, value: size, 'aria-hidden': 'true' });
  return element('span', {}, meter, text.sizeOf(bytes(size), bytes(limit), share));
}

function screenshots(details) {
  const shots = details.screenshots.map((address, index) => {
    const label = text.screenshot(index + 1);
    const missing = () => item.replaceChildren(element('p', { class: 'note' }, text.noPicture(label)), element('code', {}, address));
    const image = element('img', { src: address, alt: label, onerror: missing });
    const item = element('li', {}, element('a', { href: address, target: '_blank', rel: 'noreferrer' }, image));
    return item;
  });
  const content = shots.length ? element('ul', { class: 'shots' }, ...shots) : element('p', { class: 'note' }, text.noScreenshots);
  return element('section', {}, element('h3', {}, text.screenshots), content);
}

function file({ path, text: content, cut }) {
  const open = ['extension.yaml', 'permissions.yaml', lang === 'zh' ? 'README_zh.md' : 'README.md'].includes(path);
  return element(
    'details',
    { 'data-name': path, open: open ? '' : null },
    element('summary', {}, text.labels[path] ?? path),
    element('pre', { tabindex: '0' }, content),
    cut ? element('p', { class: 'note' }, text.cut) : null,
  );
}

function entries(details) {
  const rows = details.entries.map(({ path, size }) => element('tr', {}, element('td', {}, path), element('td', { class: 'number' }, bytes(size))));
  const head = element('tr', {}, element('th', { scope: 'col' }, text.path), element('th', { scope: 'col', class: 'number' }, text.bytes));
  const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  const count = element('span', { class: 'count' }, text.files(rows.length));
  return element(
    'details',
    { 'data-name': '', open: '' },
    element('summary', {}, text.entries, ' ', count),
    element('div', { class: 'entries', tabindex: '0', role: 'region', 'aria-label': text.entries }, table),
  );
}

// The two acts.

function acts(details) {
  return element(
    'div',
    { class: 'acts' },
    element('button', { class: 'approve', type: 'button', onclick: (event) => approve(event.target, details) }, text.approve),
    element('button', { class: 'reject', type: 'button', onclick: () => reject(details) }, text.reject),
  );
}

/** Does it, and answers what to tell if it did not work. */
async function act(verb, details, reason) {
  try {
    const answer = await fetch(`/review/${encodeURIComponent(details.id)}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: reason,
    });
    if (answer.ok) return null;
    return answer.status === 409 || answer.status === 404 ? text.late : text.failed(answer.status);
  } catch {
    return text.unreachable;
  }
}

async function approve(button, details) {
  // A disabled button would lose the focus.
  if (button.ariaBusy) return;
  button.ariaBusy = 'true';
  const problem = await act('approve', details, '');
  button.ariaBusy = null;
  const line = frame.main.querySelector('.problem');
  line.textContent = problem ?? '';
  line.hidden = problem === null;
}

function reject(details) {
  const problem = element('p', { class: 'problem', role: 'alert' });
  const reason = element('textarea', { id: 'reason', required: '', maxlength: '4000' });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = (await act('reject', details, reason.value)) ?? '';
    if (!problem.textContent) dialog.close();
  };
  const dialog = element(
    'dialog',
    { 'aria-labelledby': 'dialog-title', onclose: () => dialog.remove() },
    element(
      'form',
      { onsubmit: submit },
      element('h2', { id: 'dialog-title' }, text.rejectTitle(full(details))),
      element('label', { for: 'reason' }, text.reason),
      reason,
      problem,
      element(
        'div',
        { class: 'acts' },
        element('button', { class: 'reject', type: 'submit' }, text.confirm),
        element('button', { type: 'button', onclick: () => dialog.close() }, text.cancel),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

// News.

/** Says aloud what is in another state than before. */
function announce(before, now) {
  const states = new Map(before.map((row) => [row.id, row.status]));
  const changed = now.filter((row) => states.get(row.id) !== row.status);
  frame.news.textContent = changed.map((row) => text.news(full(row), stateOf(row))).join('; ');
}

async function draw(news) {
  drawList();
  await drawMain(news);
}

function chooseFirst() {
  if (chosen()) return;
  const first = [...known.snapshots].reverse().find((row) => row.status === 'submitted') ?? known.snapshots.at(-1);
  if (!first) return;
  history.replaceState(null, '', `#${first.id}`);
  frame.other.hash = location.hash;
}

/** Asks for news for ever; each question waits at the sandbox until there are some. */
async function follow() {
  let revision = null;
  for (;;) {
    try {
      const question = revision === null ? '' : `?after=${revision}`;
      const answer = await fetch(`/review/snapshots${question}`);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const before = known;
      known = await answer.json();
      revision = known.revision;
      frame.offline.hidden = true;
      if (before) announce(before.snapshots, known.snapshots);
      chooseFirst();
      await draw(true);
    } catch {
      frame.offline.hidden = false;
      // What the sandbox counts begins anew when it does.
      revision = null;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

addEventListener('hashchange', () => {
  frame.other.hash = location.hash;
  if (known) draw(false).catch(() => (frame.offline.hidden = false));
});
frame.other.href = `/review?lang=${frame.other.lang}${location.hash}`;
document.body.replaceChildren(
  element('a', { class: 'skip away', href: '#main', onclick: (event) => { event.preventDefault(); frame.main.focus(); } }, text.skip),
  element('header', { class: 'top' }, element('h1', {}, text.title), element('p', {}, text.about), frame.other),
  frame.offline,
  frame.news,
  element('div', { class: 'frame' }, frame.list, frame.main),
);
follow();
