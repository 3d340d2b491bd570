/** What `ksext.size` answers as the report that `report.js`, which the page of `ksext size` has too, draws. */

import type { PackageStatus } from '../server/protocol';
import { percent, showSize, type Translate } from '../words';

/** As `ksext.size` answers. In bytes. */
export interface SizeAnswer {
  projected: number;
  limit: number;
  unpacked: number;
  entries: { path: string; size: number; packed: number }[];
  uploads: { field: string; path: string; size: number }[];
  dropped: { path: string; size: number; why: string }[];
}

/** What `report.js` takes. */
export interface Report {
  title: string;
  summary: string;
  content: string;
  meter: { projected: number; limit: number; standing: 'fine' | 'near' | 'over'; label: string };
  notes: { tone: 'error' | 'warning' | 'tip'; text: string }[];
  views: View[];
  words: Record<string, string>;
  /** Files are links: whoever listens for `file` events opens them. */
  opens: true;
}

interface View {
  id: 'packed' | 'uploaded' | 'dropped';
  name: string;
  about: string;
  columns: [string, string];
  files: { path: string; bytes: number; more: number | string }[];
}

export function sizeReport(answer: SizeAnswer, { name, version }: PackageStatus, t: Translate): Report {
  const { projected, limit, unpacked, entries } = answer;
  const difference = showSize(Math.abs(projected - limit));
  const of = [showSize(projected), showSize(limit), percent(projected, limit), difference] as const;
  return {
    title: [name, version].filter(Boolean).join(' ') || t('Package'),
    summary:
      projected > limit ? t('{0} of {1} ({2}), {3} over the limit', ...of) : t('{0} of {1} ({2}), {3} left', ...of),
    content: t('{0} entries, {1} unpacked', entries.length, showSize(unpacked)),
    meter: { projected, limit, standing: standing(projected, limit), label: showSize(limit) },
    notes:
      projected > limit
        ? [{ tone: 'error', text: t('KubeSphere Cloud takes at most {0}: push would fail.', showSize(limit)) }]
        : [],
    views: views(answer, t),
    words: words(t),
    opens: true,
  };
}

function standing(projected: number, limit: number): Report['meter']['standing'] {
  if (projected > limit) return 'over';
  return projected > limit * 0.9 ? 'near' : 'fine';
}

function views({ entries, uploads, dropped }: SizeAnswer, t: Translate): View[] {
  return [
    {
      id: 'packed',
      name: t('Packed'),
      about: t('What push sends: each entry’s share of the archive.'),
      columns: [t('Packed'), t('Unpacked')],
      files: entries.map(({ path, packed, size }) => ({ path, bytes: packed, more: size })),
    },
    {
      id: 'uploaded',
      name: t('Uploaded on their own'),
      about: t(
        'Push uploads these beside the archive and puts their URLs into the manifest. They do not count for the limit.',
      ),
      columns: [t('Size'), t('Named by')],
      files: uploads.map(({ path, size, field }) => ({ path, bytes: size, more: field })),
    },
    {
      id: 'dropped',
      name: t('Left out'),
      about: t('What lies in the folder and does not come into the archive.'),
      columns: [t('Size'), t('Why')],
      files: dropped.map(({ path, size, why }) => ({ path, bytes: size, more: whyLeftOut(why, t) })),
    },
  ];
}

function whyLeftOut(why: string, t: Translate): string {
  switch (why) {
    case 'static-directory':
      return t('removed with `staticFileDirectory`');
    case 'ignored':
      return t('ignored by `.helmignore` or by Helm itself');
    case 'hidden-chart':
      return t('charts whose name begins with `_` or `.`, which Helm skips');
    case 'merged':
      return t('becomes part of Chart.yaml or Chart.lock');
    default:
      return why;
  }
}

/** Texts of the page itself. `{n}` stands for a number. */
function words(t: Translate): Record<string, string> {
  return {
    top: t('Package'),
    name: t('Name'),
    share: t('Share'),
    folder: t('folder'),
    file: t('1 file'),
    files: t('{n} files'),
    more: t('{n} more'),
    nothing: t('Nothing here.'),
    help: t('Click a folder or a file to open it. Keys: arrows, Enter, Esc to go up.'),
    map: t('Sizes as areas'),
    path: t('Where you are'),
    views: t('What is shown'),
    limit: t('Limit {n}'),
  };
}
