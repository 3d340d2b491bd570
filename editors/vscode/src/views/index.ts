/** Everything that shows something beside the text. */

import type * as vscode from 'vscode';

import type { Account } from '../account/account';
import type { Packages } from '../packages';
import type { Log } from '../server/log';
import type { Server } from '../server/server';
import { Diffs } from './diffs';
import { registerHealth } from './health';
import { MARKETPLACE } from './marketplace';
import { Pages } from './panel';
import { SIZE } from './size';
import { registerStatusBar } from './statusBar';
import { Extensions } from './tree';

/** What views are made from. */
export interface Surroundings {
  context: vscode.ExtensionContext;
  log: Log;
  server: Server;
  packages: Packages;
  account: Account;
}

export class Views {
  readonly extensions: Extensions;
  readonly sizes: Pages;
  readonly marketplace: Pages;
  readonly diffs: Diffs;

  constructor(surroundings: Surroundings) {
    registerHealth(surroundings);
    registerStatusBar(surroundings);
    this.extensions = new Extensions(surroundings);
    this.sizes = new Pages(surroundings, SIZE);
    this.marketplace = new Pages(surroundings, MARKETPLACE);
    this.diffs = new Diffs(surroundings);
  }
}
