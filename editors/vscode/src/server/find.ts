/** Where the language server's program is. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** What decides which program is started. */
export interface Surroundings {
  /** The setting `ksext.path`; empty if it is not set. */
  setting: string;
  /** The folder of this extension. */
  extension: string;
  /** Whether programs of the workspace's choice may be started. */
  trusted: boolean;
  platform: NodeJS.Platform;
  /** The variable `PATH`. */
  path: string;
}

export type Origin = 'setting' | 'bundled' | 'path';

/** Why there is none. */
export type Missing = 'setting' | 'everywhere' | 'untrusted';

/** The program to start, or why there is none. */
export type Found = { program: string; origin: Origin } | { missing: Missing };

/** The program: that of the setting, else the one that comes with the extension, else the first on the `PATH`. */
export function findServer(surroundings: Surroundings): Found {
  const { setting, extension, trusted, platform, path } = surroundings;
  const name = platform === 'win32' ? 'ksext.exe' : 'ksext';
  if (setting && trusted) {
    // A relative path would depend on where the editor was started.
    return isAbsolute(setting) && isProgram(setting) ? { program: setting, origin: 'setting' } : { missing: 'setting' };
  }
  const bundled = join(extension, 'server', name);
  if (isProgram(bundled)) return { program: bundled, origin: 'bundled' };
  if (!trusted) return { missing: 'untrusted' };
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const program = folders.map((folder) => join(folder, name)).find(isProgram);
  return program ? { program, origin: 'path' } : { missing: 'everywhere' };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
