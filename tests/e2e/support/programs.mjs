/** Programs of this machine that tests drive: found, never downloaded by a test. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Where `cargo xtask` puts the editors that it installs. */
export const EDITORS = join(ROOT, 'target', 'editors');

/** Where pictures and logs go, to look at. */
export const SHOTS = join(ROOT, 'target', 'e2e');

/** @param {string} path */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A program's path: what the variable names, else the first that is there.
 * @param {string} variable of the environment
 * @param {{ names?: string[], places?: string[], hint: string }} options names on the `PATH`, best first; places
 * that are looked at after them; what to do if there is none
 * @throws if there is none
 */
export function findProgram(variable, { names = [], places = [], hint }) {
  const told = process.env[variable];
  if (told) {
    if (isProgram(told)) return told;
    throw new Error(`${variable} is no program: ${told}`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places].find(isProgram);
  if (found) return found;
  throw new Error(`${hint}, or name one in ${variable}; looked for ${names.join(', ')} on the PATH`);
}
