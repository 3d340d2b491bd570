/** The environment that the server's program runs in. */

/** What of the editor's settings it is to follow. */
export interface Given {
  /** The editor's own environment. */
  inherited: NodeJS.ProcessEnv;
  /** The setting `ksext.env`. */
  own: Record<string, unknown>;
  /** The editor's `http.proxy` and `http.noProxy`. */
  proxy: string;
  noProxy: string[];
  /** Whether the log shows more than usual. */
  isVerbose: boolean;
}

/** The inherited environment; what the user sets for the program counts more, what the editor has set less. */
export function environment(given: Given): NodeJS.ProcessEnv {
  const own = Object.entries(given.own).flatMap(([name, value]) => {
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { ...ofEditor(given), ...given.inherited, ...Object.fromEntries(own) };
}

function ofEditor({ inherited, proxy, noProxy, isVerbose }: Given): NodeJS.ProcessEnv {
  const found: NodeJS.ProcessEnv = {};
  if (isVerbose) found.KSEXT_LOG = 'debug';
  // Programs read both spellings; whoever has set either has decided.
  if (proxy && !inherited.https_proxy && !inherited.HTTPS_PROXY) found.HTTPS_PROXY = proxy;
  if (noProxy.length > 0 && !inherited.no_proxy) found.NO_PROXY = noProxy.join(',');
  return found;
}
