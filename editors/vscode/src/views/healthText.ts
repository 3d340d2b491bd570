/** What the language status says of the server and of the cloud. */

import type { Missing } from '../server/find';
import { pathSetting } from '../server/pathSetting';
import type { PackageStatus } from '../server/protocol';
import type { Health } from '../server/server';
import type { Translate } from '../words';
import { hostOf } from './statusBarText';

export interface StatusText {
  text: string;
  detail?: string;
  severity: 'information' | 'warning' | 'error';
  isBusy?: boolean;
  command?: { title: string; command: string; arguments?: unknown[] };
}

/** @param remote the name of the remote that the window is on, if it is on one */
export function serverText(health: Health, t: Translate, remote?: string): StatusText {
  const log = { title: t('Show Log'), command: 'kubesphere.showLog' };
  const start = { title: t('Start'), command: 'kubesphere.restart' };
  switch (health.state) {
    case 'starting':
      return { text: t('ksext is starting'), severity: 'information', isBusy: true, command: log };
    case 'running':
      return { text: `ksext ${health.version}`, detail: t('running'), severity: 'information', command: log };
    case 'stopped':
      return { text: t('ksext does not run'), severity: 'warning', command: start };
    case 'failed':
      return { text: t('ksext has failed'), detail: health.error, severity: 'error', command: log };
    case 'missing':
      return { text: t('ksext is not there'), severity: 'error', ...missing(health.missing, t, remote) };
  }
}

function missing(which: Missing, t: Translate, remote?: string): Pick<StatusText, 'detail' | 'command'> {
  const openSettings = { title: t('Open Settings'), ...pathSetting(remote) };
  switch (which) {
    case 'setting':
      return { detail: t('the setting ksext.path leads to no program'), command: openSettings };
    case 'untrusted':
      return {
        detail: t('this folder is not trusted'),
        command: { title: t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
      };
    case 'everywhere':
      return { detail: t('neither in this extension nor on the PATH'), command: openSettings };
  }
}

/** Who pushes where; nothing while no package is known. */
export function cloudText(status: PackageStatus | undefined, t: Translate): StatusText | undefined {
  if (!status) return undefined;
  const text = hostOf(status.server);
  const signIn = { title: t('Sign In'), command: 'kubesphere.signIn' };
  const list = { title: t('My Extensions'), command: 'kubesphere.list' };
  return status.loggedIn
    ? { text, detail: t('signed in'), severity: 'information', command: list }
    : { text, detail: t('not signed in'), severity: 'information', command: signIn };
}
