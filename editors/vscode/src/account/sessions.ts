/** Logins as the editor keeps them: one for each server, in its secret storage. */

import type { AuthenticationSession, SecretStorage } from 'vscode';

import type { LoginAnswer } from '../server/answers';

/** Where a key is kept: by the editor, or by the server in the file that ksbuilder reads too. */
export type Store = 'editor' | 'ksbuilder';

/** A login that was verified once. */
export interface Kept {
  id: string;
  /** The one server that the key goes to. */
  server: string;
  account: { id: string; label: string };
  /** None if the server keeps it. */
  key?: string;
}

/** The login that a server has confirmed. */
export function keptOf({ server, user }: LoginAnswer, key: string | undefined): Kept {
  const id = user?.id ?? server;
  return { id, server, account: { id, label: user?.name ?? id }, ...(key !== undefined && { key }) };
}

/** As others see it. The key is not part of it: it goes to its server and to nobody else. */
export function sessionOf({ id, account }: Kept): AuthenticationSession {
  return { id, account, accessToken: '', scopes: [] };
}

/** Logins by the address in the settings; no address is the public cloud. */
export class Sessions {
  constructor(private readonly secrets: SecretStorage) {}

  async load(address: string): Promise<Kept | undefined> {
    const text = await this.secrets.get(nameOf(address));
    if (text === undefined) return undefined;
    try {
      const kept: unknown = JSON.parse(text);
      return isKept(kept) ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  async save(address: string, kept: Kept): Promise<void> {
    await this.secrets.store(nameOf(address), JSON.stringify(kept));
  }

  async clear(address: string): Promise<void> {
    await this.secrets.delete(nameOf(address));
  }

  /** Whether a change in the storage is about the login at this address. */
  isAbout(key: string, address: string): boolean {
    return key === nameOf(address);
  }
}

function nameOf(address: string): string {
  return `login ${address.trim().replace(/\/+$/, '')}`.trim();
}

function isKept(value: unknown): value is Kept {
  if (!(value instanceof Object) || !('account' in value) || !(value.account instanceof Object)) return false;
  const texts = [
    'id' in value && value.id,
    'server' in value && value.server,
    'id' in value.account && value.account.id,
    'label' in value.account && value.account.label,
  ];
  return texts.every((text) => typeof text === 'string') && (!('key' in value) || typeof value.key === 'string');
}
