/** What the status bar says of a package. */

import type { PackageStatus, Tone } from '../server/protocol';
import { english, plain, type Translate } from '../words';

export interface StatusBarText {
  /** With icons. */
  text: string;
  /** For a screen reader. */
  label: string;
  /** Markdown with links to commands. */
  tooltip: string;
  isWarning: boolean;
}

const ICONS: Record<Tone, string> = {
  draft: '$(edit)',
  waiting: '$(clock)',
  good: '$(pass)',
  bad: '$(error)',
  unknown: '$(package)',
};

/** What the tooltip's links do. */
const links = (t: Translate) => [
  { command: 'kubesphere.push', icon: 'cloud-upload', title: t('Push') },
  { command: 'kubesphere.status', icon: 'refresh', title: t('Status') },
  { command: 'kubesphere.size', icon: 'pie-chart', title: t('Size') },
  { command: 'kubesphere.preview', icon: 'diff', title: t('What Is Published') },
  { command: 'kubesphere.marketplace', icon: 'open-preview', title: t('Marketplace Page') },
];

/** The commands that the tooltip may run. */
export const TOOLTIP_COMMANDS = links(english).map(({ command }) => command);

export function statusBarText(status: PackageStatus, t: Translate): StatusBarText {
  const { size, review } = status;
  const tone = review?.tone ?? 'unknown';
  const title = [status.name ?? t('Package'), status.version].filter(Boolean).join(' ');
  const words = [review?.text, size?.text].filter((text) => text !== undefined);
  const icon = size?.tooLarge ? '$(warning)' : ICONS[tone];
  return {
    text: `${icon} ${words.length ? words.join(' · ') : title}`,
    label: [title, ...words, size?.tooLarge && t('too large')].filter(Boolean).join(', '),
    tooltip: tooltip(status, title, t),
    isWarning: size?.tooLarge === true || tone === 'bad',
  };
}

function tooltip({ size, review, findings, loggedIn, server }: PackageStatus, title: string, t: Translate): string {
  const { errors, warnings } = findings;
  const facts = [
    size && `$(file-zip) ${plain(size.tooLarge ? t('{0} – over the limit', size.text) : size.text)}`,
    errors > 0 && `$(error) ${errors === 1 ? t('1 error') : t('{0} errors', errors)}`,
    warnings > 0 && `$(warning) ${warnings === 1 ? t('1 warning') : t('{0} warnings', warnings)}`,
    !loggedIn && `$(cloud) ${t('Not signed in to {0}', plain(hostOf(server)))}`,
  ];
  return [
    `**${plain(title)}**`,
    facts.filter(Boolean).join(' &nbsp; '),
    review?.table,
    '---',
    links(t)
      .map(({ command, icon, title }) => `[$(${icon}) ${title}](command:${command})`)
      .join(' &nbsp; '),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The host of an address, as people know it. */
export function hostOf(server: string): string {
  try {
    return new URL(server).host;
  } catch {
    return server;
  }
}
