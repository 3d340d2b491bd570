/** What commands work with. */

import type * as vscode from 'vscode';

import type { Account } from '../account/account';
import type { Packages } from '../packages';
import type { Log } from '../server/log';
import type { Server } from '../server/server';
import type { Views } from '../views';

export interface Tools {
  context: vscode.ExtensionContext;
  log: Log;
  server: Server;
  packages: Packages;
  account: Account;
  views: Views;
}
