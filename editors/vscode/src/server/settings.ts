/** The section `ksext` of the settings, as the server is told of it. */

/** The section with what another YAML server is certain to report left to it. */
export function leaving(section: unknown): object {
  const given = section instanceof Object ? section : {};
  const diagnostics = 'diagnostics' in given && given.diagnostics instanceof Object ? given.diagnostics : {};
  return { ...given, diagnostics: { ...diagnostics, otherYamlServer: true } };
}
