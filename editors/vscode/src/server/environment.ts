/** The environment that the server's program runs in. */

/** What of the editor's settings it is to follow. */
export interface Given {
  /** The editor's own environment. */
  inherited: NodeJS.ProcessEnv;
  /** The editor's `http.proxy` and `http.noProxy`. */
  proxy: string;
  noProxy: string[];
  /** Whether the log shows more than usual. */
  isVerbose: boolean;
}

/** The inherited environment, which counts more than what the editor has set. */
export function environment({ inherited, proxy, noProxy, isVerbose }: Given): NodeJS.ProcessEnv {
  const found: NodeJS.ProcessEnv = {};
  if (isVerbose) found.KSEXT_LOG = 'debug';
  // Programs read both spellings; whoever has set either has decided.
  if (proxy && !inherited.https_proxy && !inherited.HTTPS_PROXY) found.HTTPS_PROXY = proxy;
  if (noProxy.length > 0 && !inherited.no_proxy) found.NO_PROXY = noProxy.join(',');
  return { ...found, ...inherited };
}
