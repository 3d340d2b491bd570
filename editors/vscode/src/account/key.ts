/** API keys of KubeSphere Cloud. */

/** Where an account's owner makes one; the server's `KEY_PAGE`. */
export const KEY_PAGE = 'https://kubesphere.cloud/user/setting/';

/** Whether `key` has the shape that keys have: `kck-` and a UUID. */
export function looksLikeAKey(key: string): boolean {
  return /^kck-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key);
}
