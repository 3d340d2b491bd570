/** What the arguments of a command may be. */

/** The argument of a lens, or of another extension: a place in a package. */
export function isTargeted(value: unknown): value is { uri: string } {
  return value instanceof Object && 'uri' in value && typeof value.uri === 'string';
}

/** A version that was pushed, as a row of a view has it. */
export function isSnapshot(value: unknown): value is { snapshotId: string } {
  return value instanceof Object && 'snapshotId' in value && typeof value.snapshotId === 'string';
}

/** An extension by its name alone, which need not be in the workspace. */
export function isNamed(value: unknown): value is { name: string } {
  return value instanceof Object && 'name' in value && typeof value.name === 'string' && !isTargeted(value);
}

/** What of a lens's argument goes on to the server beside the place: `submit`, `confirm`. */
export function extras(value: unknown): object {
  if (!isTargeted(value)) return {};
  const { submit, confirm } = value as { submit?: unknown; confirm?: unknown };
  return {
    ...(typeof submit === 'boolean' && { submit }),
    ...(typeof confirm === 'boolean' && { confirm }),
  };
}
