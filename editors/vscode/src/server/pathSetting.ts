/** Where the setting `ksext.path` is shown. */

/** The command for a window on a remote of that name, where what belongs to a machine is not among the user's settings. */
export function pathSetting(remote: string | undefined): { command: string; arguments: [object] } {
  const command = remote ? 'workbench.action.openRemoteSettings' : 'workbench.action.openSettings';
  return { command, arguments: [{ query: '@id:ksext.path' }] };
}
